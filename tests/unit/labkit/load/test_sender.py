"""Open and closed loop in virtual time: who is sent when, and what is written down."""

from __future__ import annotations

import itertools

import pytest

from labkit.load import arrivals
from labkit.load.users import ClosedLoop, OpenLoop
from labkit.measure.outcome import NO_CONNECTION, PENDING, REFUSED, TIMED_OUT, TOO_LATE
from tests.unit.labkit.load.virtual import VirtualLoop, VirtualServer, sender

STALL = (2.0, 2.4)


def open_loop(server: VirtualServer, rate: float = 50.0, seconds: float = 4.0, timeout: float = 0.5) -> OpenLoop:
    users = OpenLoop(server.loop, sender(server, timeout), arrivals.constant(rate, seconds, seed=1))
    users.begin(server.loop.time())
    return users


def closed_loop(server: VirtualServer, users: int, think: float, seconds: float = 4.0) -> ClosedLoop:
    loop = ClosedLoop(server.loop, sender(server), arrivals.closed(users, think, seed=1), think, seconds)
    loop.begin(server.loop.time())
    return loop


def stalled(start: float, rest: float = 0.01):
    """A server whose answers to all that comes during the stall are held until its end."""
    return lambda now: rest + max(0.0, STALL[1] - (now - start)) if STALL[0] <= now - start < STALL[1] else rest


def test_a_server_that_never_answers_delays_no_send():
    loop = VirtualLoop()
    server = VirtualServer(loop, lambda at: None)
    users = open_loop(server)
    start = loop.time()
    loop.run(10)
    record = users.sender.record
    assert [at - start for at in server.asked] == pytest.approx(list(record.at))
    assert len(record) == 200
    assert max(record.late) < 0.001


def test_a_user_gives_up_one_timeout_after_the_intended_send_and_hangs_up():
    loop = VirtualLoop()
    server = VirtualServer(loop, lambda at: None)
    users = open_loop(server, seconds=1.0)
    start = loop.time()
    loop.run(5)
    record = users.sender.record
    assert set(record.status) == {TIMED_OUT}
    assert list(record.latency) == pytest.approx([0.5] * len(record))
    assert [at - start for at in server.hung_up] == pytest.approx([at + 0.5 for at in record.at])
    assert users.over


def test_latency_counts_from_the_intended_send_when_the_generator_itself_was_held_up():
    loop = VirtualLoop()
    server = VirtualServer(loop)
    users = open_loop(server, rate=10, seconds=1.0)
    loop.run(0.25)
    loop.jump(0.3)  # this process got no processor
    loop.run(2)
    record = users.sender.record
    assert len(record) == 10
    assert max(record.late) > 0.2
    for late, latency in zip(record.late, record.latency, strict=True):
        assert latency == pytest.approx(late + 0.01, abs=1e-4)


def test_a_request_that_is_later_than_its_user_waits_is_never_sent():
    loop = VirtualLoop()
    server = VirtualServer(loop)
    users = open_loop(server, rate=10, seconds=2.0, timeout=0.3)
    loop.run(0.5)
    loop.jump(1.0)
    loop.run(3)
    record = users.sender.record
    never = [late for late, status in zip(record.late, record.status, strict=True) if status == TOO_LATE]
    assert len(never) == 7
    assert min(never) >= 0.3
    assert len(server.asked) == len(record) - len(never)


def test_an_open_loop_shows_a_stall_to_everyone_who_came_during_it():
    loop = VirtualLoop()
    server = VirtualServer(loop, stalled(loop.time()))
    record = open_loop(server, rate=100).sender.record
    loop.run(10)
    slow = sum(latency > 0.1 for latency in record.latency)
    assert slow == pytest.approx(100 * (STALL[1] - STALL[0] - 0.1 + 0.01), abs=1.01)


def test_a_closed_loop_hides_the_same_stall_since_its_users_wait_for_it():
    loop = VirtualLoop()
    server = VirtualServer(loop, stalled(loop.time()))
    users = closed_loop(server, users=1, think=0.0)
    loop.run(10)
    record = users.sender.record
    assert sum(latency > 0.1 for latency in record.latency) == 1
    assert len(record) > 300
    assert users.over


def test_closed_users_think_between_the_outcome_and_the_next_send():
    loop = VirtualLoop()
    server = VirtualServer(loop, lambda at: 0.15)
    start = loop.time()
    users = closed_loop(server, users=1, think=0.25, seconds=3.0)
    loop.run(10)
    asked = [at - start for at in server.asked]
    assert [b - a for a, b in itertools.pairwise(asked)] == pytest.approx([0.4] * (len(asked) - 1))
    assert max(asked) < 3.0
    assert users.over


def test_closed_users_who_are_refused_or_time_out_come_back():
    for outcome, gap in ((float(REFUSED), 0.1), (None, 0.6)):
        loop = VirtualLoop()
        server = VirtualServer(loop, lambda at, outcome=outcome: outcome)
        users = closed_loop(server, users=2, think=0.1, seconds=3.0)
        loop.run(10)
        assert len(server.asked) == pytest.approx(2 * 3.0 / gap, abs=2)
        assert users.over


def test_a_stale_connection_is_tried_once_more_on_a_fresh_one_and_the_time_goes_on():
    loop = VirtualLoop()
    server = VirtualServer(loop, lambda at: None)
    one = sender(server)
    one.begin(loop.time())
    one.send(0.0)
    loop.run(0.1)
    server.service_time = lambda at: 0.05
    one.stale(0)
    loop.run(1)
    assert server.fresh_ones == 1
    assert list(one.record.status) == [200]
    assert one.record.latency[0] == pytest.approx(0.15)
    assert not one.waiting


def test_no_connection_to_be_had_is_written_down_as_the_generators_own_failure():
    loop = VirtualLoop()
    server = VirtualServer(loop)
    server.full = True
    users = open_loop(server, seconds=1.0)
    loop.run(3)
    assert set(users.sender.record.status) == {NO_CONNECTION}
    assert users.over


def test_answers_are_noted_with_their_tag():
    loop = VirtualLoop()
    server = VirtualServer(loop)
    users = open_loop(server, seconds=0.5)
    assert not users.over
    loop.run(3)
    record = users.sender.record
    assert PENDING not in record.status
    assert set(record.tag) == {0}
    assert record.answered == len(record) == 25
