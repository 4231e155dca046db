"""Calls between services: each setting does what it says, seen from orders' calls to stock."""

from __future__ import annotations

import functools
import threading
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import httpx
import pytest

from mini_services.patterns.retry import retry
from tests.unit.mini_services.shop.conftest import Start
from tests.unit.mini_services.shop.neighbours import Callee, Running, events, poll


def test_an_order_carries_its_id_and_its_requests_id_to_stock(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee)
    answer = orders.users.post("/orders", json={"item": "pen", "quantity": 3}, headers={"X-Request-Id": "abc"})
    assert answer.status_code == 201
    assert answer.headers["X-Answer"] == "full"
    (asked,) = callee.requests
    assert (asked.method, asked.url.path, asked.headers["X-Request-Id"]) == ("POST", "/reservations", "abc")
    assert callee.bodies == [{"id": answer.json()["order"], "item": "pen", "quantity": 3}]


@pytest.mark.parametrize(
    ("does", "outcome", "status", "sentence"),
    [
        ("hangs", "timeout", 504, "stock did not answer in time"),
        ("refuses", "refused", 503, "stock refused the connection"),
        ("breaks", "broken", 503, "stock broke the connection"),
        ("fails", "error", 503, "stock answered 500"),
    ],
)
def test_each_way_to_fail_has_its_status_sentence_and_outcome(
    does: str,
    outcome: str,
    status: int,
    sentence: str,
    start: Start,
    callee: Callee,
    capsys: pytest.CaptureFixture[str],
) -> None:
    orders = start("orders", stock=callee)
    callee.does = getattr(callee, does)
    answer = orders.users.post("/orders")
    assert (answer.status_code, answer.json()) == (status, {"error": sentence})
    assert "X-Answer" not in answer.headers
    assert orders.metrics()[f'calls_total{{callee="stock",outcome="{outcome}"}}'] == 1
    assert events(capsys.readouterr().out, "call failed")[0]["outcome"] == outcome


def test_a_callee_that_passes_on_a_time_out_is_a_time_out_too(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee)
    callee.does = lambda request: httpx.Response(504)
    assert orders.users.post("/orders").status_code == 504


def test_a_no_is_an_answer_and_not_a_failure(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, ATTEMPTS=3, BREAKER=1, BREAKER_MINIMUM=1)
    callee.does = lambda request: callee.answers(request, 409)
    assert [orders.users.post("/orders").status_code for _ in range(3)] == [409] * 3
    assert len(callee.requests) == 3


def test_a_callee_without_an_address_is_told(start: Start) -> None:
    answer = start("orders").users.post("/orders")
    assert (answer.status_code, answer.json()) == (503, {"error": "stock has no address: set STOCK_URL"})


def test_timeout_bounds_each_step_of_an_attempt(start: Start, callee: Callee) -> None:
    start("orders", stock=callee, TIMEOUT=0.25).users.post("/orders")
    allowed: dict[str, float] = callee.requests[0].extensions["timeout"]
    assert all(0.2 < seconds <= 0.25 for seconds in allowed.values())


def test_attempts_are_made_until_one_succeeds(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, ATTEMPTS=3)
    callee.does = lambda request: callee.hangs(request) if len(callee.requests) < 3 else callee.answers(request)
    assert orders.users.post("/orders").status_code == 201
    assert len(callee.requests) == 3
    assert len({body["id"] for body in callee.bodies}) == 1, "a retry must be known as the same order"


def test_without_attempts_set_nothing_is_retried(start: Start, callee: Callee) -> None:
    callee.does = callee.hangs
    start("orders", stock=callee).users.post("/orders")
    assert len(callee.requests) == 1


@pytest.mark.parametrize(("jitter", "pauses"), [(0, [0.1, 0.2]), (1, [0.05, 0.1])])
def test_backoff_and_jitter_set_the_pauses(
    jitter: int, pauses: list[float], start: Start, callee: Callee, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []
    half_way: Any = functools.partial(retry, sleep=slept.append, random=lambda: 0.5)
    monkeypatch.setattr("mini_services.shop.calls.retry", half_way)
    callee.does = callee.hangs
    start("orders", stock=callee, ATTEMPTS=3, BACKOFF=0.1, JITTER=jitter).users.post("/orders")
    assert slept == pytest.approx(pauses)


def test_a_budget_bounds_the_retries_of_all_requests_together(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, ATTEMPTS=3, BUDGET=0.1)
    callee.does = callee.hangs
    for _ in range(40):
        orders.users.post("/orders")
    assert len(callee.requests) == 40 + 3 + 4, "one retry for ten requests, and a reserve of three"


def test_the_breaker_opens_probes_and_closes_and_tells_each_change(
    start: Start, callee: Callee, capsys: pytest.CaptureFixture[str]
) -> None:
    orders = start("orders", stock=callee, BREAKER=1, BREAKER_MINIMUM=3, BREAKER_RESET=0, BREAKER_WINDOW=60)
    state = 'breaker_state{callee="stock"}'
    assert orders.metrics()[state] == 0
    callee.does = callee.hangs
    for _ in range(3):
        orders.users.post("/orders")
    assert orders.metrics()[state] == 2
    callee.does = callee.answers
    assert orders.users.post("/orders").status_code == 201
    assert orders.metrics()[state] == 0
    changes = events(capsys.readouterr().out, "breaker")
    assert [(change["callee"], change["from"], change["to"]) for change in changes] == [
        ("stock", "closed", "open"),
        ("stock", "open", "half-open"),
        ("stock", "half-open", "closed"),
    ]
    assert [change["at"] for change in changes] == sorted(change["at"] for change in changes)


def test_an_open_breaker_ends_the_retries_and_says_when_to_come_back(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, BREAKER=1, BREAKER_MINIMUM=2, BREAKER_RESET=30, ATTEMPTS=9)
    callee.does = callee.hangs
    orders.users.post("/orders")
    refused = orders.users.post("/orders")
    assert len(callee.requests) == 2
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "30")
    assert refused.json()["error"].startswith("stock was not called: the breaker is open for another")
    assert orders.metrics()['calls_not_sent_total{by="breaker",callee="stock"}'] == 2


@pytest.mark.parametrize(("setting", "value"), [("BREAKER_MINIMUM", 5), ("BREAKER_THRESHOLD", 0.9), ("BREAKER_WINDOW", 1e-9)])
def test_the_breakers_rules_are_the_settings(setting: str, value: float, start: Start, callee: Callee) -> None:
    told = {"BREAKER_MINIMUM": 4, "BREAKER_THRESHOLD": 0.5, "BREAKER_WINDOW": 60, "BREAKER_RESET": 60}
    for settings, sick in ((told, 2), ({**told, setting: value}, 0)):
        orders = start("orders", stock=callee, BREAKER=1, **settings)
        for does in (callee.answers, callee.answers, callee.hangs, callee.hangs):
            callee.does = does
            orders.users.post("/orders")
        assert orders.metrics()['breaker_state{callee="stock"}'] == sick


def test_half_open_waits_for_as_many_probes_as_set(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, BREAKER=1, BREAKER_MINIMUM=1, BREAKER_RESET=0, BREAKER_PROBES=2)
    callee.does = callee.hangs
    orders.users.post("/orders")
    callee.does = callee.answers
    states = []
    for _ in range(2):
        orders.users.post("/orders")
        states.append(orders.metrics()['breaker_state{callee="stock"}'])
    assert states == [1, 0]


@dataclass
class Held:
    """A callee that answers only when it is let go, and users who wait for it in two threads."""

    callee: Callee
    users: ThreadPoolExecutor
    let_go: threading.Event

    def take_two_places(self, orders: Running) -> list[Future[httpx.Response]]:
        """Two orders that are under way."""
        asked = [self.users.submit(orders.users.post, "/orders") for _ in range(2)]
        poll(lambda: len(self.callee.requests) == 2)
        return asked


@pytest.fixture
def held(callee: Callee) -> Iterator[Held]:
    let_go = threading.Event()

    def hold(request: httpx.Request) -> httpx.Response:
        assert let_go.wait(10)
        return callee.answers(request)

    callee.does = hold
    with ThreadPoolExecutor(2) as users:
        yield Held(callee, users, let_go)
        let_go.set()


def test_a_bulkhead_keeps_a_sick_callee_from_taking_the_threads_of_another(start: Start, held: Held) -> None:
    orders = start("orders", stock=held.callee, payment=Callee(), THREADS=3, BULKHEAD=2)
    asked = held.take_two_places(orders)
    refused = orders.users.post("/orders")
    assert (refused.status_code, refused.headers["Retry-After"]) == (503, "1")
    assert refused.json() == {"error": "stock was not called: all 2 places are taken"}
    assert orders.users.get("/quote").json() == {"item": "book", "price": 20.4}
    held.let_go.set()
    assert [answer.result().status_code for answer in asked] == [201, 201]
    assert orders.metrics()['calls_not_sent_total{by="bulkhead",callee="stock"}'] == 1


def test_a_full_bulkhead_says_nothing_of_the_callee_to_the_breaker(start: Start, held: Held) -> None:
    orders = start("orders", stock=held.callee, BULKHEAD=2, BREAKER=1, BREAKER_MINIMUM=1)
    asked = held.take_two_places(orders)
    assert orders.users.post("/orders").status_code == 503
    assert orders.metrics()['breaker_state{callee="stock"}'] == 0
    held.let_go.set()
    assert [answer.result().status_code for answer in asked] == [201, 201]


def test_a_deadline_is_passed_on_and_shortens_the_time_out(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, DEADLINE=1, TIMEOUT=10)
    assert orders.users.post("/orders", headers={"X-Deadline-Ms": "2000"}).status_code == 201
    assert orders.users.post("/orders").status_code == 201
    told = [int(request.headers["X-Deadline-Ms"]) for request in callee.requests]
    assert 1000 < told[0] < 2000
    assert 9000 < told[1] <= 10000, "without one from its user, a service's own time-out is its callee's deadline"
    assert callee.requests[0].extensions["timeout"]["read"] <= 2.0


def test_without_the_setting_no_deadline_is_passed_on(start: Start, callee: Callee) -> None:
    start("orders", stock=callee).users.post("/orders", headers={"X-Deadline-Ms": "2000"})
    assert "X-Deadline-Ms" not in callee.requests[0].headers


def test_retries_stop_at_the_deadline(start: Start, callee: Callee) -> None:
    orders = start("orders", stock=callee, DEADLINE=1, ATTEMPTS=5, BACKOFF=60)
    callee.does = callee.hangs
    assert orders.users.post("/orders", headers={"X-Deadline-Ms": "9000"}).status_code == 504
    assert len(callee.requests) == 1
