"""The breaker, by examples in virtual time; test_breaker_model.py holds it to a model over random histories."""

from __future__ import annotations

import threading
from contextlib import suppress

import pytest

from mini_services.patterns.breaker import Breaker, BreakerOpen, Rules
from tests.unit.mini_services.patterns.virtual_time import Clock, Intruder


class Sick(Exception):
    """The callee failed."""


def fails() -> None:
    """A call to a sick callee."""
    raise Sick


def works() -> str:
    """A call to a healthy one."""
    return "answer"


def a_breaker(clock: Clock, **rules: float) -> Breaker:
    """Opens on 2 failures of 2, and half-opens a second later."""
    return Breaker(Rules(**{"minimum": 2, "reset_after": 1.0, **rules}), failures=(Sick,), clock=clock)  # type: ignore[arg-type]


def opened(clock: Clock, **rules: float) -> Breaker:
    """A breaker that has just opened."""
    breaker = a_breaker(clock, **rules)
    for _ in range(2):
        with pytest.raises(Sick):
            breaker.call(fails)
    assert breaker.state == "open"
    return breaker


def test_closed_gives_back_what_the_call_returns_and_raises_what_it_raises() -> None:
    breaker = a_breaker(Clock())
    assert breaker.call(works) == "answer"
    with pytest.raises(Sick):
        breaker.call(fails)


def test_open_refuses_without_calling_and_says_for_how_long() -> None:
    clock, called = Clock(), []
    breaker = opened(clock)
    clock.now = 0.25
    with pytest.raises(BreakerOpen, match=r"open for another 0\.8 s") as refusal:
        breaker.call(lambda: called.append(1))
    assert not called
    assert refusal.value.retry_after == 0.75


def test_fewer_calls_than_the_minimum_open_nothing() -> None:
    breaker = a_breaker(Clock(), minimum=3)
    for _ in range(2):
        with pytest.raises(Sick):
            breaker.call(fails)
    assert breaker.state == "closed"


def test_exactly_the_threshold_opens_and_a_little_less_does_not() -> None:
    for failures, state in ((55, "open"), (54, "closed")):
        breaker = a_breaker(Clock(), threshold=0.55, minimum=100)
        for call in [works] * (100 - failures) + [fails] * failures:
            with suppress(Sick):
                breaker.call(call)
        assert breaker.state == state


def test_failures_that_have_left_the_window_no_longer_count() -> None:
    clock = Clock()
    breaker = a_breaker(clock, window=10.0)
    with pytest.raises(Sick):
        breaker.call(fails)
    clock.now = 10.0
    with pytest.raises(Sick):
        breaker.call(fails)
    assert breaker.state == "closed"


def test_after_the_wait_a_probe_that_succeeds_closes_it_with_an_empty_window() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 1.0
    assert breaker.call(works) == "answer"
    assert breaker.state == "closed"
    with pytest.raises(Sick):
        breaker.call(fails)
    assert breaker.state == "closed"


def test_a_probe_that_fails_opens_it_for_another_whole_wait() -> None:
    clock = Clock()
    breaker = opened(clock)
    clock.now = 1.5
    with pytest.raises(Sick):
        breaker.call(fails)
    assert breaker.state == "open"
    clock.now = 2.4
    with pytest.raises(BreakerOpen):
        breaker.call(works)


def test_half_open_lets_exactly_its_probes_through_at_once() -> None:
    clock = Clock()
    breaker = opened(clock, probes=2)
    clock.now = 1.0
    with breaker.guard(), breaker.guard():
        with pytest.raises(BreakerOpen, match="waits for its probes") as refusal:
            breaker.call(works)
        assert refusal.value.retry_after == 0.0
        assert breaker.state == "half-open"
    assert breaker.state == "closed"


def test_a_late_answer_of_a_call_begun_before_it_opened_does_not_count() -> None:
    clock = Clock()
    breaker = a_breaker(clock)
    late = breaker.guard()
    late.__enter__()
    for _ in range(2):
        with pytest.raises(Sick):
            breaker.call(fails)
    clock.now = 1.0
    with breaker.guard():
        late.__exit__(Sick, Sick(), None)
        assert breaker.state == "half-open", "a late failure must not end the probe's round"
    assert breaker.state == "closed"


def test_a_late_probe_of_an_earlier_round_does_not_close_a_later_one() -> None:
    clock = Clock()
    breaker = opened(clock, probes=2)
    clock.now = 1.0
    late = breaker.guard()
    late.__enter__()
    with pytest.raises(Sick):
        breaker.call(fails)
    clock.now = 2.0
    breaker.call(works)
    late.__exit__(None, None, None)
    assert breaker.state == "half-open", "one of two probes of this round has answered"


@pytest.mark.parametrize("other", [KeyError, KeyboardInterrupt])
def test_what_says_nothing_of_the_callee_is_not_counted_and_gives_its_place_back(other: type[BaseException]) -> None:
    def interrupted() -> None:
        raise other

    clock = Clock()
    breaker = a_breaker(clock)
    for _ in range(9):
        with pytest.raises(other):
            breaker.call(interrupted)
    assert breaker.state == "closed"
    breaker = opened(clock)
    clock.now = 1.0
    with pytest.raises(other):
        breaker.call(interrupted)
    assert breaker.state == "half-open"
    assert breaker.call(works) == "answer"
    assert breaker.state == "closed"


def test_changes_are_told_in_order_with_their_time() -> None:
    clock, seen = Clock(), []
    breaker = Breaker(Rules(minimum=1, reset_after=1), clock=clock, on_change=lambda *change: seen.append(change))
    with pytest.raises(Sick):
        breaker.call(fails)
    clock.now = 1.0
    breaker.call(works)
    assert seen == [("closed", "open", 0.0), ("open", "half-open", 1.0), ("half-open", "closed", 1.0)]


def test_one_thread_at_a_time_changes_the_state() -> None:
    clock = Intruder()
    breaker = Breaker(Rules(), clock=clock)
    clock.work = lambda: breaker.call(works)  # it comes while a call begins,
    with breaker.guard():
        clock.work = lambda: breaker.call(works)  # and while one ends
    assert clock.got_in == [False, False]


def test_of_many_threads_that_ask_at_once_only_the_probes_get_through() -> None:
    clock, through, refused = Clock(), [], []
    breaker = opened(clock, probes=3)
    clock.now = 1.0
    start, answered = threading.Barrier(20), threading.Event()

    def ask() -> None:
        start.wait()
        try:
            with breaker.guard():
                through.append(1)
                answered.wait(5)
        except BreakerOpen:
            refused.append(1)
        if len(refused) == 17:
            answered.set()

    threads = [threading.Thread(target=ask) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(10)
    assert (len(through), len(refused), breaker.state) == (3, 17, "closed")


@pytest.mark.parametrize(
    "wrong", [{"window": 0}, {"threshold": 0}, {"threshold": 1.1}, {"minimum": 0}, {"probes": 0}, {"reset_after": -1}]
)
def test_rules_that_make_no_sense_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="a breaker needs"):
        Rules(**wrong)  # type: ignore[arg-type]
