"""The deadline: it only ever comes nearer, however often it travels."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.deadline import Deadline, DeadlineExceeded
from tests.unit.mini_services.patterns.virtual_time import Clock

seconds = st.floats(0, 1e4)


def test_counts_down_to_nothing_and_then_refuses(clock: Clock) -> None:
    deadline = Deadline.after(2.0, clock)
    clock.sleep(1.5)
    assert deadline.remaining() == 0.5
    deadline.check()
    clock.sleep(0.5)
    assert deadline.expired
    clock.sleep(9.0)
    assert deadline.remaining() == 0.0
    with pytest.raises(DeadlineExceeded, match="has passed"):
        deadline.check()


def test_a_calls_time_out_is_the_smaller_of_its_own_and_what_is_left(clock: Clock) -> None:
    deadline = Deadline.after(2.0, clock)
    assert deadline.within(0.5).remaining() == 0.5
    assert deadline.within(9.0).remaining() == 2.0


@given(left=seconds, trips=st.lists(st.floats(0, 100), max_size=8))
def test_never_grows_over_hops_whose_clocks_do_not_agree(left: float, trips: list[float]) -> None:
    clock = Clock()
    deadline = Deadline.after(left, clock)
    for work in trips:
        before = deadline.remaining()
        clock.sleep(work)
        here = deadline.to_header()
        clock = Clock()
        clock.now = 7.0 * len(here)
        deadline = Deadline.from_header(here, clock)
        assert deadline.remaining() <= max(0.0, before - work) + 1e-9
        assert deadline.remaining() >= before - work - 0.001 - 1e-9, "it loses less than a millisecond a hop"


@given(first=seconds, second=seconds, passes=seconds)
def test_what_is_left_never_grows_with_time(first: float, second: float, passes: float) -> None:
    clock = Clock()
    deadline = Deadline.after(first, clock).within(second)
    assert deadline.remaining() == pytest.approx(min(first, second))
    before = deadline.remaining()
    clock.sleep(passes)
    assert 0.0 <= deadline.remaining() <= before


@pytest.mark.parametrize("text", ["", "-5", "1.5", "soon", "1e3", "nan", "123456789", "١٢", " 5"])
def test_a_header_that_is_no_number_of_milliseconds_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="milliseconds left"):
        Deadline.from_header(text)


def test_a_far_deadline_still_fits_its_header(clock: Clock) -> None:
    assert Deadline.from_header(Deadline.after(1e9, clock).to_header(), clock).remaining() == 99_999.999
