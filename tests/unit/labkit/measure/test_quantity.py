"""A quantity is a float that keeps its label, unit and runs through arithmetic, and can be read again."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from labkit.language import Text
from labkit.measure.quantity import Comparison, Quantity, Source


class Run:
    """A run whose figure is set by the test."""

    def __init__(self, value: float) -> None:
        self.value = value

    def again(self) -> None:
        """Nothing: the test sets the next value."""

    def too_busy(self, strict: bool = False) -> Text | None:
        """Never."""


def goodput(run: Run, when: str) -> Quantity:
    return Quantity(lambda: run.value, Text(f"goodput {when}", "有效吞吐量"), "/s", [run])


BEFORE, AFTER = Run(38), Run(3.1)
before, after = goodput(BEFORE, "before"), goodput(AFTER, "after")
answered = Quantity(0.5, Text("answered", "得到回應"), "share")
wait = Quantity(0.5, Text("wait", "等待"), "s")


def test_it_is_the_float_that_was_measured() -> None:
    assert before == 38.0
    assert isinstance(before, float)
    assert json.dumps({"goodput": before}) == '{"goodput": 38.0}'
    assert f"{before:.2f}" == "38.00"


def test_it_shows_itself_with_label_and_unit() -> None:
    assert f"{before}" == "38/s"
    assert repr(before) == "goodput before 38/s"


@pytest.mark.parametrize(("expression", "value", "shown"), [
    (lambda: 0.2 * before, 7.6, "0.2 × goodput before 38/s = 7.6/s"),
    (lambda: after / before, 3.1 / 38, "goodput after 3.1/s ÷ goodput before 38/s = 0.0816"),
    (lambda: 1 - answered, 0.5, "100 % − answered 50 % = 50 %"),
    (lambda: (before + after) * 2, 82.2, "(goodput before 38/s + goodput after 3.1/s) × 2 = 82.2/s"),
    (lambda: before / (after * 2), 38 / 6.2, "goodput before 38/s ÷ (goodput after 3.1/s × 2) = 6.13"),
    (lambda: before - (after - 1), 35.9, "goodput before 38/s − (goodput after 3.1/s − 1/s) = 35.9/s"),
    (lambda: abs(after - before), 34.9, "|goodput after 3.1/s − goodput before 38/s| = 34.9/s"),
    (lambda: -wait, -0.5, "−1 × wait 0.5 s = −0.5 s"),
    (lambda: sum([before, after]), 41.1, "goodput before 38/s + goodput after 3.1/s = 41.1/s"),
    (lambda: np.float64(0.2) * before, 7.6, "0.2 × goodput before 38/s = 7.6/s"),
    (lambda: np.int64(2) * before, 76, "2 × goodput before 38/s = 76/s")])
def test_arithmetic_keeps_label_figures_and_unit(expression: Callable[[], Quantity], value: float, shown: str) -> None:
    result = expression()
    assert float(result) == pytest.approx(value)
    assert repr(result) == shown


def test_arithmetic_keeps_each_run_once() -> None:
    assert (before + after * before).sources == (BEFORE, AFTER)


def test_seconds_cancel_out() -> None:
    assert (before * wait).unit == ""
    assert (1 / wait).unit == "/s"
    assert (24 / before).unit == "s"
    assert (answered * before).unit == "/s"
    assert (wait / wait).unit == ""


def test_a_division_by_zero_was_not_measured() -> None:
    assert math.isnan(before / Quantity(0, Text("nothing", "無"), "/s"))


def test_it_can_be_given_a_name_of_its_own() -> None:
    run = Run(30)
    named = (goodput(run, "x") / 10).named(Text("calls per order", "每筆訂單的調用數"))
    run.value = 90
    assert repr(named) == "calls per order 3/s"
    assert repr(named.again()) == "calls per order 9/s"


def test_reading_again_sees_the_run_of_now_through_any_expression() -> None:
    run = Run(10)
    old = goodput(run, "now")
    expression = abs(2 * (old + 1) / 2 - 1)
    run.value = 20
    assert (float(old), float(expression)) == (10, 10)
    assert float(expression.again()) == 20
    assert expression.again().sources == (run,)


def test_a_comparison_is_the_bool_it_stands_for() -> None:
    assert after < 0.2 * before
    assert not after > 0.2 * before
    assert [bool(after >= 3.1), bool(after <= 3.1), bool(after > 3.1), bool(after < 3.1)] == [True, True, False, False]
    assert max(before, after) is before


def test_a_number_may_stand_on_the_left() -> None:
    assert repr(0.9 <= answered) == "answered 50 % ≥ 90 %"  # noqa: SIM300 (that is what is tested)
    assert repr(np.float64(0.9) <= answered) == "answered 50 % ≥ 90 %"


def test_a_comparison_says_its_figures_in_both_languages() -> None:
    comparison = after < 0.2 * before
    assert comparison.describe("en") == "goodput after 3.1/s < 0.2 × goodput before 38/s = 7.6/s"
    assert comparison.describe("zh-Hant") == "有效吞吐量 3.1/秒 < 0.2 × 有效吞吐量 38/秒 = 7.6/秒"


def test_a_near_miss_is_not_shown_as_a_hit() -> None:
    missed = Quantity(0.94996, Text("answered", "得到回應"), "share") >= 0.95
    assert missed.describe("en") == "answered 94.996 % ≥ 95 %"


def test_a_comparison_can_be_made_again_on_a_fresh_run() -> None:
    run = Run(50)
    dead = goodput(run, "after") < 0.2 * before
    assert not dead
    run.value = 1
    assert not dead
    assert dead.again()
    assert dead.again().sources == (run, BEFORE)


@pytest.mark.parametrize("relation", [lambda q: q < 1, lambda q: q <= 1, lambda q: q > 1, lambda q: q >= 1,
                                      lambda q: q >= q, lambda q: q <= q, lambda q: 1 - q < 1])
def test_what_was_not_measured_satisfies_no_comparison(relation: Callable[[Quantity], Comparison]) -> None:
    assert not relation(Quantity(math.nan, Text("nothing", "無")))


def test_between_gives_both_ends_where_a_chain_would_lose_one() -> None:
    low, high = wait.between(0.6, 1.3)
    assert [bool(low), bool(high)] == [False, True]


def test_different_units_are_not_compared() -> None:
    with pytest.raises(TypeError, match="different units"):
        wait < before  # noqa: B015
    with pytest.raises(TypeError, match="different units"):
        answered + wait


def test_arrays_get_plain_arithmetic() -> None:
    mixed: Any = np.array([1.0, 2.0]) * before
    assert mixed.tolist() == [38.0, 76.0]
    assert (np.array([1.0, 50.0]) < before).tolist() == [True, False]


def test_a_run_is_a_source() -> None:
    assert isinstance(Run(1), Source)
