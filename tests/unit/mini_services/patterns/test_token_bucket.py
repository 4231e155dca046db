"""The token bucket: never more than burst + rate * t in any stretch of time, and not one less than that allows."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.token_bucket import TokenBucket
from tests.unit.mini_services.patterns.virtual_time import Clock, Intruder


def test_admits_its_burst_and_then_its_rate_to_the_request(clock: Clock) -> None:
    bucket = TokenBucket(rate=10, burst=5, clock=clock)
    assert [bucket.admit() for _ in range(7)] == [True] * 5 + [False] * 2
    admitted = 0
    for _ in range(1000):
        clock.sleep(0.01)
        admitted += bucket.admit()
    assert admitted == 100, "10 a second over 10 seconds"


def test_a_quiet_time_saves_up_one_burst_and_no_more(clock: Clock) -> None:
    bucket = TokenBucket(rate=10, burst=3, clock=clock)
    clock.sleep(3600.0)
    assert sum(bucket.admit() for _ in range(50)) == 3


def test_tells_when_to_come_back(clock: Clock) -> None:
    bucket = TokenBucket(rate=4, burst=1, clock=clock)
    assert bucket.retry_after() == 0.0
    bucket.admit()
    assert bucket.retry_after() == 0.25
    clock.sleep(0.125)
    assert bucket.retry_after() == 0.125


def test_what_rounding_gives_away_is_taken_back(clock: Clock) -> None:
    bucket = TokenBucket(rate=1, burst=1, clock=clock)
    bucket.admit()
    clock.sleep(1 - 5e-7)
    assert bucket.admit()
    assert bucket.retry_after() == pytest.approx(1 + 5e-7, abs=1e-8)


rates = st.floats(0.01, 5000)


@given(rate=rates, burst=st.integers(1, 20), gaps=st.lists(st.floats(0, 10), max_size=80))
def test_is_neither_too_generous_nor_too_stingy(rate: float, burst: int, gaps: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(rate, burst, clock=clock)
    begin = clock()
    admitted: list[float] = []
    for gap in gaps:
        clock.sleep(gap)
        # What may be admitted now: every stretch of time that ends now must have room for one more.
        stretches = [(clock() - since, sum(at >= since for at in admitted)) for since in {begin, *admitted}]
        room = min(burst + rate * seconds - taken for seconds, taken in stretches)
        if bucket.admit():
            assert room >= 1 - 1e-3, "it admitted more than burst + rate * t"
            admitted.append(clock())
        else:
            assert room < 1 + 1e-3, "it refused what burst + rate * t allows"


@given(rate=rates, burst=st.integers(1, 5), gaps=st.lists(st.floats(0, 3), max_size=20))
def test_who_waits_as_long_as_told_is_admitted_and_who_waits_less_is_not(rate: float, burst: int, gaps: list[float]) -> None:
    clock = Clock()
    bucket = TokenBucket(rate, burst, clock=clock)
    for gap in gaps:
        clock.sleep(gap)
        while bucket.admit():
            pass
        wait = bucket.retry_after()
        clock.sleep(wait * 0.99)
        if wait * rate > 1e-3:  # else the hundredth that is missing is lost in rounding
            assert not bucket.admit()
            clock.sleep(wait * 0.01)
            assert bucket.admit()


def test_threads_share_one_burst() -> None:
    clock = Intruder()
    bucket = TokenBucket(rate=1, burst=1, clock=clock)
    clock.work = bucket.admit
    bucket.admit()
    assert clock.got_in == [False]


@pytest.mark.parametrize(("rate", "burst"), [(0, 1), (-1, 1), (1, 0), (math.nan, 1)])
def test_a_bucket_that_makes_no_sense_is_refused(rate: float, burst: int) -> None:
    with pytest.raises(ValueError, match="a token bucket needs"):
        TokenBucket(rate, burst)
