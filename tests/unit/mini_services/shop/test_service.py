"""What every service has: a pool that can be exhausted, and a door and observers that stand when it is."""

from __future__ import annotations

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import httpx
import pytest

from tests.unit.mini_services.shop.conftest import Start
from tests.unit.mini_services.shop.neighbours import Callee, events, poll


class Stuck(Callee):
    """A callee that answers only when it is let go."""

    def __init__(self) -> None:
        super().__init__()
        self.let_go = threading.Event()
        self.does = self.waits

    def waits(self, request: httpx.Request) -> httpx.Response:
        """Hold the caller's thread."""
        assert self.let_go.wait(10)
        return self.answers(request)


def test_a_stuck_callee_takes_every_thread_and_the_observers_still_answer(start: Start) -> None:
    stuck = Stuck()
    orders = start("orders", stock=stuck, THREADS=2)
    with ThreadPoolExecutor(3) as users:
        asked = [users.submit(orders.users.post, "/orders") for _ in range(3)]
        poll(lambda: orders.metrics()["pool_tasks_waiting"] == 1)
        seen = orders.metrics()
        assert (seen["pool_threads_busy"], seen["pool_threads_total"], seen["requests_in_flight"]) == (2, 2, 3)
        assert orders.users.get("/ping").text == "pong"
        assert orders.users.get("/health").json() == {"status": "ok"}
        stuck.let_go.set()
        assert [answer.result().status_code for answer in asked] == [201] * 3
    assert orders.metrics()["pool_threads_busy"] == 0


def test_an_endpoint_needs_one_thread_of_the_pool_and_no_more(start: Start) -> None:
    orders = start("orders", stock=Callee(), payment=Callee(), THREADS=1)
    with ThreadPoolExecutor(8) as users:
        asked = [users.submit(orders.users.post, "/orders", json={"item": "pen"}) for _ in range(8)]
        assert {answer.result(10).status_code for answer in asked} == {201}


def test_above_its_limit_it_sheds_at_the_door_without_a_thread(start: Start) -> None:
    stuck = Stuck()
    orders = start("orders", stock=stuck, THREADS=1, SHED=2)
    with ThreadPoolExecutor(2) as users:
        asked = [users.submit(orders.users.post, "/orders") for _ in range(2)]
        poll(lambda: orders.metrics()["requests_in_flight"] == 2)
        shed = orders.users.post("/orders")
        assert (shed.status_code, shed.headers["Retry-After"]) == (503, "1")
        assert shed.json() == {"error": "busy: all 2 places are taken"}
        assert orders.users.get("/ping").status_code == 200
        stuck.let_go.set()
        assert [answer.result().status_code for answer in asked] == [201, 201]
    assert orders.users.post("/orders").status_code == 201


def test_requests_are_counted_by_the_pattern_of_their_path_and_observers_are_not(start: Start) -> None:
    stock = start("stock")
    for path in ("/stock/book", "/stock/pen", "/stock/zebra", "/nowhere", "/ping", "/health", "/metrics"):
        stock.users.get(path)
    counted = {name: value for name, value in stock.metrics().items() if name.startswith("requests_")}
    assert counted == {
        'requests_received_total{route="/stock/{item}"}': 3,
        'requests_received_total{route="other"}': 1,
        'requests_total{route="/stock/{item}",status="200"}': 2,
        'requests_total{route="/stock/{item}",status="404"}': 1,
        'requests_total{route="other",status="404"}': 1,
        "requests_in_flight": 0,
    }


def test_each_line_of_the_log_is_json_with_the_requests_id(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    stock = start("stock", INSTANCE="stock-2")
    answer = stock.users.get("/stock/book", headers={"X-Request-Id": "abc-1"})
    assert answer.headers["X-Request-Id"] == "abc-1"
    (line,) = events(capsys.readouterr().out, "request")
    assert {**line, "time": 0, "at": 0, "seconds": 0} == {
        "time": 0,
        "at": 0,
        "level": "info",
        "service": "stock",
        "instance": "stock-2",
        "request_id": "abc-1",
        "event": "request",
        "route": "/stock/{item}",
        "status": 200,
        "seconds": 0,
    }


def test_what_json_does_not_know_is_logged_as_text(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    start("stock").module.service.log("looked", at_file=Path("shelf"))
    assert events(capsys.readouterr().out, "looked")[0]["at_file"] == "shelf"


@pytest.mark.parametrize("sent", [None, "", "x" * 101, "sm\u00f8r", "a\tb"])
def test_an_id_that_cannot_be_passed_on_is_replaced(start: Start, sent: str | None) -> None:
    callee = Callee()
    orders = start("orders", stock=callee)
    headers = {} if sent is None else {"X-Request-Id": sent.encode("latin-1")}
    answer = orders.users.post("/orders", headers=headers)
    assert answer.status_code == 201
    assert len(answer.headers["X-Request-Id"]) == 32
    assert callee.requests[0].headers["X-Request-Id"] == answer.headers["X-Request-Id"]


def test_a_bug_is_answered_500_counted_and_logged(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    stock = start("stock")
    stock.module.left = None
    assert stock.users.get("/stock/book").status_code == 500
    assert stock.metrics()['requests_total{route="/stock/{item}",status="500"}'] == 1
    assert events(capsys.readouterr().out, "request")[0]["status"] == 500


def test_what_the_server_logs_becomes_json_too(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    start("stock")
    capsys.readouterr()
    logging.getLogger("uvicorn.error").warning("cancelled %d", 3)
    try:
        raise KeyError("cause")
    except KeyError:
        logging.getLogger("uvicorn.error").exception("broken")
    warned, broken = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert (warned["level"], warned["event"], warned["service"]) == ("warning", "cancelled 3", "stock")
    assert (broken["level"], broken["event"]) == ("error", "broken")
    assert "KeyError: 'cause'" in broken["error"]


def test_work_is_the_seconds_that_its_thread_sleeps(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    storefront = start("storefront", WORK=0.25, EXPORT_SECONDS=3)
    monkeypatch.setattr("mini_services.shop.service.time", SimpleNamespace(sleep=slept.append))
    storefront.users.get("/")
    storefront.users.get("/export")
    assert slept == [0.25, 3.0]


def test_with_a_deadline_no_work_is_begun_for_a_user_who_has_gone(start: Start) -> None:
    stock = start("stock", DEADLINE=1)
    gone = stock.users.get("/stock/book", headers={"X-Deadline-Ms": "0"})
    assert (gone.status_code, gone.json()) == (504, {"error": "too late: the deadline of this request has passed"})
    assert stock.users.get("/stock/book", headers={"X-Deadline-Ms": "5000"}).status_code == 200
    assert stock.users.get("/stock/book", headers={"X-Deadline-Ms": "soon"}).status_code == 400


def test_a_deadline_that_passes_in_the_queue_for_a_thread_stops_the_work(start: Start) -> None:
    stuck = Stuck()
    orders = start("orders", stock=stuck, THREADS=1, DEADLINE=1)
    with ThreadPoolExecutor(2) as users:
        first = users.submit(orders.users.post, "/orders")
        poll(lambda: orders.metrics()["pool_threads_busy"] == 1)
        second = users.submit(orders.users.post, "/orders", headers={"X-Deadline-Ms": "1"})
        poll(lambda: orders.metrics()["pool_tasks_waiting"] == 1)
        stuck.let_go.set()
        assert (first.result().status_code, second.result().status_code) == (201, 504)
    assert len(stuck.requests) == 1


def test_work_is_not_begun_when_the_deadline_has_passed_in_the_queue(start: Start, monkeypatch: pytest.MonkeyPatch) -> None:
    let_go, begun = threading.Event(), []

    def sleep(seconds: float) -> None:
        begun.append(seconds)
        assert let_go.wait(10)

    stock = start("stock", THREADS=1, DEADLINE=1)
    monkeypatch.setattr("mini_services.shop.service.time", SimpleNamespace(sleep=sleep))
    with ThreadPoolExecutor(2) as users:
        first = users.submit(stock.users.get, "/stock/book")
        poll(lambda: len(begun) == 1)
        second = users.submit(stock.users.get, "/stock/book", headers={"X-Deadline-Ms": "200"})
        poll(lambda: stock.metrics()["pool_tasks_waiting"] == 1)
        over = time.monotonic() + 0.2
        poll(lambda: time.monotonic() > over)
        let_go.set()
        assert (first.result().status_code, second.result().status_code) == (200, 504)
    assert len(begun) == 1


def test_who_comes_too_late_is_turned_away_at_the_door_without_a_thread(start: Start) -> None:
    stuck = Stuck()
    orders = start("orders", stock=stuck, THREADS=1, DEADLINE=1)
    with ThreadPoolExecutor(1) as users:
        first = users.submit(orders.users.post, "/orders")
        poll(lambda: orders.metrics()["pool_threads_busy"] == 1)
        assert orders.users.post("/orders", headers={"X-Deadline-Ms": "0"}).status_code == 504
        stuck.let_go.set()
        assert first.result().status_code == 201


def test_without_the_setting_deadlines_are_not_heeded(start: Start) -> None:
    assert start("stock").users.get("/stock/book", headers={"X-Deadline-Ms": "0"}).status_code == 200
