"""Putting a fault into a target, and taking it out."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labkit.faults.cut import Cut
from labkit.faults.fault import Fault, FaultError
from labkit.faults.injection import Injection, RefusedError
from labkit.faults.latency import Latency
from labkit.faults.pause import Pause
from tests.unit.labkit.faults.virtual import VirtualClock


class FakeLink:
    """Keeps a list of what is done to it."""

    name = "orders -> stock"
    capabilities = frozenset({"proxy"})

    def __init__(self) -> None:
        self.running = True
        self.done: list[str] = []

    def inject(self, fault: Fault) -> Callable[[], None]:
        self.done.append(f"inject {fault.name}")
        return lambda: self.done.append(f"lift {fault.name}")


@pytest.fixture
def link() -> FakeLink:
    return FakeLink()


def test_a_with_statement_injects_and_lifts(link: FakeLink) -> None:
    with Injection(Cut(), link) as injection:
        assert injection.active
        assert link.done == ["inject cut"]
    assert not injection.active
    assert link.done == ["inject cut", "lift cut"]


def test_a_with_statement_lifts_when_its_body_fails(link: FakeLink) -> None:
    with pytest.raises(ZeroDivisionError), Injection(Cut(), link):
        _ = 1 / 0
    assert link.done[-1] == "lift cut"


def test_a_fault_that_was_injected_at_once_can_still_be_used_with_with(link: FakeLink) -> None:
    injection = Injection(Cut(), link)
    injection.inject()
    with injection:
        pass
    assert link.done == ["inject cut", "lift cut"]


def test_twice_is_once(link: FakeLink) -> None:
    injection = Injection(Cut(), link)
    for act in (injection.lift, injection.inject, injection.inject, injection.lift, injection.lift):
        act()
    assert link.done == ["inject cut", "lift cut"]


def test_it_can_be_injected_again_as_a_repeated_run_does(link: FakeLink, clock: VirtualClock) -> None:
    injection = Injection(Cut(), link, clock=clock.time)
    for _ in range(2):
        injection.inject()
        clock.advance(1.0)
        injection.lift()
        clock.advance(1.0)
    assert link.done == ["inject cut", "lift cut"] * 2
    assert injection.mark is not None
    assert injection.mark[1:] == (1002.0, 1003.0, "orders -> stock")


def test_the_mark_says_when_it_was_in_place(link: FakeLink, clock: VirtualClock) -> None:
    injection = Injection(Latency(3.0), link, clock=clock.time)
    assert injection.mark is None
    injection.inject()
    clock.advance(2.0)
    assert injection.mark is not None
    assert (injection.mark.began, injection.mark.ended) == (1000.0, None)
    injection.lift()
    assert (injection.mark.began, injection.mark.ended) == (1000.0, 1002.0)
    assert (injection.mark.label, injection.mark.on) == (injection.fault.label, "orders -> stock")


def test_a_target_that_cannot_is_refused_with_where_it_can_be_done(link: FakeLink) -> None:
    with pytest.raises(RefusedError, match=r'"orders -> stock" cannot take the fault "pause".*into an instance'):
        Injection(Pause(), link)


def test_a_fault_on_something_not_running_is_refused_with_what_to_do(link: FakeLink) -> None:
    link.running = False
    injection = Injection(Cut(), link)
    with pytest.raises(RefusedError, match=r'"orders -> stock" is not running.*start it first'):
        injection.inject()
    assert not injection.active
    assert injection.mark is None
    assert link.done == []


def test_a_refusal_is_in_the_readers_language(link: FakeLink, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    with pytest.raises(RefusedError, match="無法注入「暫停」"):
        Injection(Pause(), link)


@pytest.mark.parametrize(("at", "until"), [(-1.0, None), (None, -1.0), (4.0, 2.0), (3.0, 3.0), (None, 0.0)])
def test_a_plan_that_cannot_be_is_refused(link: FakeLink, at: float | None, until: float | None) -> None:
    with pytest.raises(FaultError):
        Injection(Cut(), link, at=at, until=until)


def test_a_planned_injection_does_nothing_yet(link: FakeLink) -> None:
    assert Injection(Cut(), link, at=2, until=4).planned
    assert not Injection(Cut(), link).planned
    assert link.done == []


def test_a_lifter_that_fails_is_not_called_again(link: FakeLink) -> None:
    """The proxy is gone, and its faults with it: say so once, then be done."""
    def gone() -> None:
        raise ConnectionError("gone")
    injection = Injection(Cut(), link)
    link.inject = lambda fault: gone  # type: ignore[method-assign]
    injection.inject()
    with pytest.raises(ConnectionError):
        injection.lift()
    injection.lift()
    assert not injection.active


def test_a_fault_whose_target_is_gone_is_over_and_there_is_nothing_to_lift(link: FakeLink, clock: VirtualClock) -> None:
    injection = Injection(Cut(), link, clock=clock.time)
    injection.over()
    assert injection.mark is None
    injection.inject()
    clock.advance(2.0)
    injection.over()
    injection.lift()
    assert (injection.active, link.done) == (False, ["inject cut"])
    assert injection.mark is not None
    assert injection.mark.ended == 1002.0


def test_what_does_not_run_is_asked_what_it_can_take_when_the_fault_is_injected(link: FakeLink) -> None:
    link.running = False
    planned = Injection(Pause(), link, at=1.0)
    link.running = True
    with pytest.raises(RefusedError, match='cannot take the fault "pause"'):
        planned.inject()
    assert link.done == []
