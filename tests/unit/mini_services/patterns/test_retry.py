"""Retries: never more than the attempts, the budget and the deadline allow, with pauses in their range."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.budget import Budget
from mini_services.patterns.deadline import Deadline, DeadlineExceeded
from mini_services.patterns.retry import Backoff, retry
from tests.unit.mini_services.patterns.virtual_time import Clock


class Sick(Exception):
    """The callee failed."""


class Callee:
    """Fails its first `failures` calls, each taking `seconds`."""

    def __init__(self, failures: int, clock: Clock, seconds: float = 0.0) -> None:
        self.failures, self.clock, self.seconds = failures, clock, seconds
        self.begun: list[float] = []

    def __call__(self) -> str:
        self.begun.append(self.clock())
        self.clock.now += self.seconds
        if len(self.begun) <= self.failures:
            raise Sick(len(self.begun))
        return "answer"


def test_asks_again_until_it_is_answered(clock: Clock) -> None:
    callee = Callee(2, clock)
    assert retry(callee, attempts=5, sleep=clock.sleep) == "answer"
    assert len(callee.begun) == 3


def test_raises_the_last_failure_when_the_attempts_are_used_up(clock: Clock) -> None:
    with pytest.raises(Sick, match="3"):
        retry(Callee(99, clock), attempts=3, sleep=clock.sleep)


def test_does_not_retry_what_it_was_not_told_to(clock: Clock) -> None:
    callee = Callee(99, clock)
    with pytest.raises(Sick):
        retry(callee, attempts=3, retry_on=(KeyError,), sleep=clock.sleep)
    assert len(callee.begun) == 1


def test_backoff_doubles_up_to_its_ceiling(clock: Clock) -> None:
    with pytest.raises(Sick):
        retry(Callee(99, clock), attempts=6, backoff=Backoff(0.1, 0.5, jitter=False), sleep=clock.sleep)
    assert clock.slept == [0.1, 0.2, 0.4, 0.5, 0.5]


@given(first=st.floats(0, 10), ceiling=st.floats(0, 100), retries=st.integers(0, 5000), seed=st.integers())
def test_jitter_stays_between_nothing_and_the_whole_pause(first: float, ceiling: float, retries: int, seed: int) -> None:
    whole = Backoff(first, ceiling, jitter=False).pause(retries)
    assert whole <= ceiling
    assert 0.0 <= Backoff(first, ceiling).pause(retries, random.Random(seed).random) <= whole


def test_jitter_spreads_over_the_whole_range() -> None:
    draws = random.Random(7)
    pauses = [Backoff(1.0).pause(0, draws.random) for _ in range(1000)]
    assert min(pauses) < 0.05
    assert max(pauses) > 0.95
    assert sum(pauses) / 1000 == pytest.approx(0.5, abs=0.05)


def test_an_empty_budget_stops_retries_not_requests(clock: Clock) -> None:
    budget = Budget(0.0, reserve=1)
    for attempts_expected in (2, 1, 1):
        callee = Callee(99, clock)
        with pytest.raises(Sick):
            retry(callee, attempts=3, budget=budget, sleep=clock.sleep)
        assert len(callee.begun) == attempts_expected


def test_each_request_pays_its_share_into_the_budget_and_a_retry_does_not(clock: Clock) -> None:
    budget = Budget(0.5, reserve=0)
    begun = 0
    for _ in range(20):
        callee = Callee(99, clock)
        with pytest.raises(Sick):
            retry(callee, attempts=9, budget=budget, sleep=clock.sleep)
        begun += len(callee.begun)
    assert begun == 20 + 10


@pytest.mark.parametrize("left", [0.5, 1.0], ids=["in the pause", "just at its end"])
def test_a_retry_that_the_deadline_forbids_costs_neither_time_nor_budget(clock: Clock, left: float) -> None:
    budget = Budget(0.0, reserve=1)
    with pytest.raises(Sick):
        retry(
            Callee(9, clock),
            backoff=Backoff(1.0, jitter=False),
            budget=budget,
            deadline=Deadline.after(left, clock),
            sleep=clock.sleep,
        )
    assert budget.balance == 1.0
    assert clock.slept == []


def test_makes_no_attempt_when_the_deadline_has_already_passed(clock: Clock) -> None:
    callee = Callee(0, clock)
    with pytest.raises(DeadlineExceeded):
        retry(callee, deadline=Deadline.after(0.0, clock), sleep=clock.sleep)
    assert callee.begun == []


def test_makes_no_attempt_after_a_sleep_that_lasted_too_long(clock: Clock) -> None:
    callee = Callee(9, clock)
    with pytest.raises(Sick):
        retry(callee, deadline=Deadline.after(0.5, clock), sleep=lambda seconds: clock.sleep(1.0))
    assert len(callee.begun) == 1


def test_no_attempt_at_all_is_refused(clock: Clock) -> None:
    with pytest.raises(ValueError, match="1 or more"):
        retry(Callee(0, clock), attempts=0)


@given(
    failures=st.integers(0, 8),
    attempts=st.integers(1, 6),
    reserve=st.integers(0, 4),
    seconds=st.floats(0, 1),
    left=st.none() | st.floats(0.01, 5),
    seed=st.integers(),
)
def test_never_exceeds_attempts_budget_or_deadline(
    failures: int, attempts: int, reserve: int, seconds: float, left: float | None, seed: int
) -> None:
    clock = Clock()
    callee, budget = Callee(failures, clock, seconds), Budget(0.0, reserve=reserve)
    deadline = None if left is None else Deadline.after(left, clock)
    draw = random.Random(seed).random
    try:
        retry(callee, attempts=attempts, budget=budget, deadline=deadline, sleep=clock.sleep, random=draw)
        answered = True
    except Sick:
        answered = False
    allowed = min(attempts, 1 + reserve)
    assert len(callee.begun) <= min(allowed, failures + 1)
    assert len(callee.begun) - 1 == reserve - budget.balance == len(clock.slept)
    if deadline is None:
        assert answered == (failures < allowed), "without a deadline it makes every attempt it may"
    else:
        assert all(at < deadline.at for at in callee.begun)
