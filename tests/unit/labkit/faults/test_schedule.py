"""Planned faults, in virtual time: waiting turns the clock."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labkit.faults.cut import Cut
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.latency import Latency
from labkit.faults.schedule import Schedule
from tests.unit.labkit.faults.virtual import VirtualClock


class FakeLink:
    name = "orders -> stock"
    capabilities = frozenset({"proxy"})
    running = True

    def __init__(self, clock: VirtualClock) -> None:
        self.clock = clock
        self.done: list[tuple[float, str]] = []

    def inject(self, fault: Fault) -> Callable[[], None]:
        self.note(f"inject {fault.name}")
        return lambda: self.note(f"lift {fault.name}")

    def note(self, what: str) -> None:
        self.done.append((self.clock.now - 1000.0, what))


@pytest.fixture
def link(clock: VirtualClock) -> FakeLink:
    return FakeLink(clock)


def schedule(clock: VirtualClock, *injections: Injection, stop_at: float = 1e9) -> Schedule:
    def wait(seconds: float) -> bool:
        clock.advance(min(seconds, 1000.0 + stop_at - clock.now))
        return clock.now >= 1000.0 + stop_at
    return Schedule(injections, 1000.0, clock=clock.time, wait=wait)


def test_faults_are_injected_and_lifted_at_their_seconds(clock: VirtualClock, link: FakeLink) -> None:
    schedule(clock, Injection(Cut(), link, at=3, until=5), Injection(Latency(1.0), link, at=1, until=4)).run()
    assert link.done == [(1, "inject latency"), (3, "inject cut"), (4, "lift latency"), (5, "lift cut")]


def test_one_that_ends_when_the_next_begins_is_lifted_first(clock: VirtualClock, link: FakeLink) -> None:
    schedule(clock, Injection(Cut(), link, at=2, until=3), Injection(Latency(1.0), link, at=1, until=2)).run()
    assert [what for _, what in link.done] == ["inject latency", "lift latency", "inject cut", "lift cut"]


def test_a_plan_without_a_beginning_begins_with_the_load(clock: VirtualClock, link: FakeLink) -> None:
    schedule(clock, Injection(Cut(), link, until=2)).run()
    assert link.done == [(0, "inject cut"), (2, "lift cut")]


def test_what_is_not_planned_is_left_alone(clock: VirtualClock, link: FakeLink) -> None:
    schedule(clock, Injection(Cut(), link)).run()
    assert link.done == []


def test_a_load_that_ends_stops_the_schedule_and_lifts_what_is_in_place(clock: VirtualClock, link: FakeLink) -> None:
    with schedule(clock, Injection(Cut(), link, at=1), Injection(Latency(1.0), link, at=9), stop_at=5) as running:
        running._thread.join()
    assert link.done == [(1, "inject cut"), (5, "lift cut")]


def test_a_step_that_fails_stops_the_schedule_and_is_raised_at_its_end(clock: VirtualClock, link: FakeLink) -> None:
    link.running = False
    with pytest.raises(RuntimeError, match="not running"), schedule(clock, Injection(Cut(), link, at=1)):
        pass
    assert link.done == []
