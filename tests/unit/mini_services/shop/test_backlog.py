"""The backlog: what was promised is done, in order, or the log says that it will not be."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextvars import copy_context

import pytest

from mini_services.patterns.deadline import Deadline
from mini_services.shop.backlog import Backlog
from mini_services.shop.context import check_deadline, deadline, request_id
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service
from mini_services.shop.settings import ServiceSettings
from tests.unit.mini_services.shop.neighbours import events, poll


class Sender:
    """Refuses until it is open; keeps what it sent, with the request's id at that time."""

    def __init__(self) -> None:
        self.open = threading.Event()
        self.tried = 0
        self.sent: list[tuple[int, str]] = []

    def __call__(self, item: int) -> None:
        self.tried += 1
        if not self.open.is_set():
            raise Refusal(503, "not yet")
        check_deadline()
        if item < 0:
            raise KeyError(item)
        self.sent.append((item, request_id.get()))


@pytest.fixture
def service() -> Iterator[Service]:
    """A service that is not served, only ended."""
    one = Service("orders", ServiceSettings())
    yield one
    for end in one.at_end:
        end()


def put(backlog: Backlog[int], item: int, request: str) -> None:
    """Put it there in the course of a request."""
    request_id.set(request)
    backlog.put(item)


@pytest.fixture
def sender() -> Sender:
    return Sender()


def test_keeps_everything_until_it_can_be_sent_and_then_sends_it_in_order(service: Service, sender: Sender) -> None:
    backlog = Backlog(sender, service, pause=0.001)
    for item in range(100):
        copy_context().run(put, backlog, item, f"r{item}")
    poll(lambda: sender.tried > 3)
    assert sender.sent == []
    assert "queued_orders 100.0" in service.metrics.text().decode()
    sender.open.set()
    poll(lambda: len(sender.sent) == 100)
    assert sender.sent == [(item, f"r{item}") for item in range(100)]
    poll(lambda: "queued_orders 0.0" in service.metrics.text().decode())


def test_refuses_what_it_cannot_keep(service: Service, sender: Sender) -> None:
    backlog = Backlog(sender, service, limit=2, pause=0.001)
    for item in range(2):
        backlog.put(item)
    with pytest.raises(Refusal, match="2 orders are waiting already") as full:
        backlog.put(2)
    assert (full.value.status, full.value.retry_after) == (503, 1.0)


def test_one_that_cannot_ever_be_sent_does_not_block_the_others(
    service: Service, sender: Sender, capsys: pytest.CaptureFixture[str]
) -> None:
    backlog = Backlog(sender, service, pause=0.001)
    sender.open.set()
    for item in (-1, 1):
        backlog.put(item)
    poll(lambda: len(sender.sent) == 1)
    (dropped,) = events(capsys.readouterr().out, "queued order dropped")
    assert dropped["level"] == "error"
    assert "KeyError: -1" in dropped["error"]


def test_the_deadline_of_a_user_who_has_had_an_answer_no_longer_counts(service: Service, sender: Sender) -> None:
    backlog = Backlog(sender, service, pause=0.001)
    token = deadline.set(Deadline.after(0.0))
    backlog.put(1)
    deadline.reset(token)
    sender.open.set()
    poll(lambda: len(sender.sent) == 1)


def test_what_is_lost_when_the_service_stops_is_told(service: Service, sender: Sender, capsys: pytest.CaptureFixture[str]) -> None:
    backlog = Backlog(sender, service, pause=0.001)
    for item in range(3):
        backlog.put(item)
    (end,) = service.at_end
    end()
    (lost,) = events(capsys.readouterr().out, "queued orders lost")
    assert (lost["orders"], lost["level"]) == (3, "warning")
    tried = sender.tried
    poll(lambda: not any(thread.name == "backlog" for thread in threading.enumerate()))
    assert sender.tried <= tried + 1
