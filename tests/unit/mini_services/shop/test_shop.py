"""The shop: what its four services answer, alone and together, and what becomes of an order when stock is gone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from types import SimpleNamespace

import httpx
import pytest

from tests.unit.mini_services.shop.conftest import Start
from tests.unit.mini_services.shop.neighbours import Callee, Running, events, poll


def chain(start: Start, **orders_settings: object) -> tuple[Running, Running, Running, Running]:
    """Storefront, orders, stock and payment, each calling the next within this process."""
    far = Callee(), Callee(), Callee()
    storefront = start("storefront", orders=far[0])
    orders = start("orders", stock=far[1], payment=far[2], **orders_settings)
    stock, payment = start("stock"), start("payment")
    for callee, service in zip(far, (orders, stock, payment), strict=True):
        callee.does = lambda request, service=service: _forward(request, service)  # type: ignore[misc]
    return storefront, orders, stock, payment


def _forward(request: httpx.Request, service: Running) -> httpx.Response:
    headers = {"Content-Type": "application/json", "X-Request-Id": request.headers["X-Request-Id"]}
    answer = service.users.request(request.method, request.url.path, content=request.content, headers=headers)
    return httpx.Response(answer.status_code, content=answer.content, headers=answer.headers)


def test_an_order_goes_through_all_four_under_one_id(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    storefront, _, stock, payment = chain(start)
    answer = storefront.users.post("/orders", json={"item": "lamp", "quantity": 2})
    assert (answer.status_code, answer.headers["X-Answer"]) == (201, "full")
    assert answer.json()["stock"] == {"item": "lamp", "left": 999_998}
    assert stock.users.get("/stock/lamp").json() == {"item": "lamp", "left": 999_998}
    assert list(payment.module.receipts) == [answer.json()["order"]]
    went = [line for line in events(capsys.readouterr().out, "request") if line["route"] != "/stock/{item}"]
    assert [line["service"] for line in went] == ["stock", "payment", "orders", "storefront"]
    assert {line["request_id"] for line in went} == {answer.headers["X-Request-Id"]}


def test_what_is_charged_is_the_price_of_all_that_was_ordered(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=Callee(), payment=callee)
    order = orders.users.post("/orders", json={"item": "lamp", "quantity": 3}).json()["order"]
    assert callee.bodies == [{"order": order, "amount": 135}]


def test_what_is_sold_out_or_not_sold_is_neither_reserved_nor_charged(start: Start) -> None:
    storefront, _, stock, payment = chain(start)
    stock.module.left["book"] = 1
    assert storefront.users.post("/orders", json={"quantity": 2}).status_code == 409
    assert storefront.users.post("/orders", json={"item": "zebra"}).status_code == 404
    assert storefront.users.post("/orders", json={"quantity": 0}).status_code == 422
    assert (stock.module.left["book"], len(payment.module.receipts)) == (1, 0)


def test_the_home_page_calls_nobody(start: Start) -> None:
    home = start("storefront").users.get("/")
    assert (home.status_code, home.json()["items"]) == (200, ["book", "pen", "lamp"])


def test_an_export_of_its_own_bulkhead_cannot_take_every_thread(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, begun = threading.Event(), threading.Event()

    def sleep(seconds: float) -> None:
        if seconds == 60:
            begun.set()
            assert let_go.wait(10)

    storefront = start("storefront", THREADS=2, EXPORT_BULKHEAD=1, EXPORT_SECONDS=60)
    monkeypatch.setattr("mini_services.shop.service.time", SimpleNamespace(sleep=sleep))
    with ThreadPoolExecutor(1) as users:
        first = users.submit(storefront.users.get, "/export")
        assert begun.wait(10)
        refused = storefront.users.get("/export")
        assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
        assert storefront.users.get("/").status_code == 200
        let_go.set()
        assert first.result().status_code == 200


def test_the_same_order_twice_takes_goods_and_money_once(start: Start) -> None:
    stock, payment = start("stock", STOCK=5), start("payment")
    order = {"id": "o1", "item": "pen", "quantity": 2}
    assert [stock.users.post("/reservations", json=order).json()["left"] for _ in range(3)] == [3, 3, 3]
    assert stock.users.post("/reservations", json={**order, "id": "o2"}).json()["left"] == 1
    assert stock.users.post("/reservations", json={**order, "id": "o3"}).status_code == 409
    charge = {"order": "o1", "amount": 4}
    assert len({payment.users.post("/charges", json=charge).json()["receipt"] for _ in range(3)}) == 1
    assert payment.users.post("/charges", json={**charge, "amount": -1}).status_code == 422


def test_only_the_last_orders_are_remembered(start: Start) -> None:
    stock, payment = start("stock"), start("payment")
    for number in range(10_001):
        stock.module.reserved[str(number)] = payment.module.receipts[str(number)] = None
    stock.users.post("/reservations", json={"id": "new"})
    payment.users.post("/charges", json={"order": "new", "amount": 1})
    for remembered in (stock.module.reserved, payment.module.receipts):
        assert len(remembered) == 10_001
        assert "0" not in remembered
        assert "new" in remembered


def test_many_threads_never_sell_more_than_there_is(start: Start) -> None:
    stock = start("stock", STOCK=10)
    with ThreadPoolExecutor(8) as users:
        asked = [users.submit(stock.users.post, "/reservations", json={"id": str(n)}) for n in range(25)]
        assert sorted(answer.result().status_code for answer in asked) == [201] * 10 + [409] * 15


def test_a_quote_needs_payment_and_not_stock(start: Start, callee: Callee) -> None:
    orders = start("orders", payment=callee)
    assert orders.users.get("/quote", params={"item": "lamp"}).json() == {"item": "lamp", "price": 45.9}
    assert orders.users.get("/quote", params={"item": "zebra"}).status_code == 404
    callee.does = callee.refuses
    assert orders.users.get("/quote").status_code == 503


@pytest.mark.parametrize(
    ("fallback", "status", "kind"),
    [
        ("none", 503, None),
        ("default", 201, "default"),
        ("stale", 201, "stale"),
        ("alternative", 201, "alternative"),
        ("queue", 202, "queued"),
    ],
)
def test_what_the_user_gets_from_each_fallback_when_stock_is_gone(
    fallback: str, status: int, kind: str | None, start: Start, callee: Callee
) -> None:
    front, other = Callee(), Callee()
    storefront = start("storefront", orders=front)
    orders = start("orders", stock=callee, second_warehouse=other, FALLBACK=fallback)
    front.does = lambda request: _forward(request, orders)
    healthy = storefront.users.post("/orders")
    assert (healthy.status_code, healthy.headers["X-Answer"]) == (201, "full")
    callee.does = callee.refuses
    answer = storefront.users.post("/orders")
    assert (answer.status_code, answer.headers.get("X-Answer")) == (status, kind)
    assert len(other.requests) == (fallback == "alternative")


def test_a_stale_answer_is_that_of_the_same_item(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, FALLBACK="stale")
    orders.users.post("/orders", json={"item": "pen"})
    callee.does = callee.refuses
    assert orders.users.post("/orders", json={"item": "pen"}).headers["X-Answer"] == "stale"
    assert orders.users.post("/orders", json={"item": "lamp"}).status_code == 503


def test_money_has_no_fallback(start: Start, callee: Callee) -> None:
    callee.does = callee.refuses
    orders = start("orders", stock=Callee(), payment=callee, FALLBACK="default")
    assert orders.users.post("/orders").status_code == 503


def test_no_fallback_sells_what_the_shop_does_not_have(start: Start, callee: Callee) -> None:
    callee.does = callee.refuses
    orders = start("orders", stock=callee, payment=Callee(), FALLBACK="default")
    assert orders.users.post("/orders", json={"item": "zebra"}).status_code == 404


@pytest.mark.parametrize(("fallback", "kind"), [("default", "default"), ("alternative", "alternative")])
def test_the_storefront_has_fallbacks_of_its_own(fallback: str, kind: str, start: Start, callee: Callee) -> None:
    callee.does = callee.hangs
    storefront = start("storefront", orders=callee, other_orders=Callee(), FALLBACK=fallback)
    answer = storefront.users.post("/orders")
    assert (answer.status_code, answer.headers["X-Answer"]) == (200, kind)


def test_queued_orders_are_placed_when_stock_is_back_oldest_first_and_once(
    start: Start, callee: Callee, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = start("orders", stock=callee, FALLBACK="queue")
    callee.does = callee.hangs
    accepted = [orders.users.post("/orders", headers={"X-Request-Id": f"r{n}"}).json()["order"] for n in range(5)]
    assert orders.metrics()["queued_orders"] == 5
    callee.does, answered = callee.answers, len(callee.requests)
    poll(lambda: orders.metrics()["queued_orders"] == 0)
    placed = events(capsys.readouterr().out, "queued order placed")
    assert [line["order"] for line in placed] == accepted
    assert [line["request_id"] for line in placed] == [f"r{n}" for n in range(5)]
    assert len(callee.requests) - answered in (5, 6), "one attempt may have been under way"
