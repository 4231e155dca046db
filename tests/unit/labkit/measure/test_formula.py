"""A formula of what was measured is read again with the run, and one of plain numbers stays."""

from __future__ import annotations

import math

import pytest

from labkit.language import Text
from labkit.measure.quantity import Quantity
from labkit.measure.theory import little_number, lru_hit_ratio, mean_time
from tests.unit.labkit.check.fake_run import FakeRun


def seconds(run: FakeRun, *values: float) -> Quantity:
    return Quantity(lambda: values[run.runs - 1], Text("mean time of a call", "一次調用的平均時間"), "s", [run])


def test_the_mean_of_a_repeated_run_is_of_that_run() -> None:
    run = FakeRun(0.5, 0.9)
    mean = mean_time(run.answered, hit=0, miss=seconds(run, 100.0, 1.0))
    run.again()
    assert (float(mean), float(mean.again())) == pytest.approx((50.0, 0.1))
    assert (mean.sources, mean.unit, mean.again().label.en) == ((run,), "s", "mean time by the hit ratio")


def test_so_is_a_condition_that_holds_a_measurement_against_it() -> None:
    run = FakeRun(0.5, 0.5)
    met = little_number(rate=10, time=seconds(run, 8.0, 2.0)) <= 20
    assert not met
    run.again()
    assert met.again()


def test_what_was_not_measured_this_time_makes_no_figure_and_no_error() -> None:
    run = FakeRun(0.5)
    number = little_number(rate=10, time=seconds(run, 1.0, math.nan))
    run.again()
    assert math.isnan(number.again())


def test_of_plain_numbers_it_has_no_sources() -> None:
    assert lru_hit_ratio(items=500, size=50).sources == ()
