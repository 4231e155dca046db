"""What may be a condition, and what a look at it shows."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest

from labkit.check.conditions import flat, look, repeatable
from labkit.language import Text
from labkit.measure.quantity import Quantity
from tests.unit.labkit.check.fake_run import FakeRun

NOTE = Text("the order is right", "順序正確")


def test_a_comparison_shows_label_figure_relation_and_limit() -> None:
    row = look(flat("x", FakeRun(0.96).answered >= 0.95), {}, None, None).rows[0]
    assert (row.label.en, row.value, row.relation, row.limit, row.ok) == ("home answered", 0.96, "≥", 0.95, True)
    assert (row.shown.en, row.limit_shown.en, row.unit) == ("96 %", "95 %", "share")


def test_a_limit_made_of_figures_shows_them() -> None:
    before = FakeRun(0.5).answered
    row = look(flat("x", FakeRun(0.1).answered < 0.4 * before), {}, None, None).rows[0]
    assert row.limit_shown.en == "0.4 × home answered 50 % = 20 %"


def test_conditions_may_come_in_tuples() -> None:
    assert len(flat("x", (FakeRun(0.5).answered.between(0.1, 0.9), FakeRun(1.0).answered > 0))) == 3


@pytest.mark.parametrize("nothing", [(), [], ((), [])])
def test_a_claim_without_a_condition_is_an_error(nothing: Any) -> None:
    with pytest.raises(ValueError, match="at least one condition"):
        flat("avalanche.vertical", nothing)


@pytest.mark.parametrize("wrong", [1.0, "yes", None, FakeRun(1).answered, 0])
def test_what_is_true_by_accident_is_no_condition(wrong: Any) -> None:
    with pytest.raises(TypeError, match="is no condition"):
        flat("x", wrong)


def test_a_function_must_give_a_condition() -> None:
    with pytest.raises(TypeError, match="is no condition"):
        look([lambda: 3], {}, NOTE, ())  # type: ignore[list-item, return-value]  # the mistake that is tested


@pytest.mark.parametrize(("note", "evidence"), [(None, ()), (NOTE, None), (None, None)])
@pytest.mark.parametrize("plain", [True, np.True_, lambda: True])
def test_a_plain_bool_must_say_what_it_means_and_on_what_it_rests(plain: Any, note: Any, evidence: Any) -> None:
    with pytest.raises(ValueError, match=r"note=.* evidence="):
        look(flat("x", plain), {}, note, evidence)


def test_a_plain_bool_is_shown_by_its_note() -> None:
    row = look([False], {}, NOTE, ()).rows[0]
    assert (row.label, row.shown.en, row.relation, row.ok) == (NOTE, "no", "", False)


def test_a_plain_bool_cannot_be_looked_at_again_and_a_function_can() -> None:
    assert not repeatable([True])
    assert not repeatable([np.True_])
    assert repeatable([lambda: True, FakeRun(1).answered > 0])


def test_the_runs_behind_conditions_figures_and_evidence_are_counted_once() -> None:
    a, b, c = FakeRun(1.0), FakeRun(1.0), FakeRun(1.0)
    seen = look([a.answered >= b.answered, lambda: a.answered > 0], {"c": c.answered}, None, [b])
    assert seen.sources == (a, b, c)


def test_figures_are_kept_by_name_and_else_by_label() -> None:
    run = FakeRun(0.5)
    other = Quantity(40, Text("rate before", "之前的速率"), "/s")
    seen = look([run.answered >= 0.4, 5 * other > 10 * Quantity(1, Text("limit", "上限"), "/s")],
                {"before": other, "threads": 24}, None, None)
    assert {name: (of.label.en, of.value, of.unit) for name, of in seen.figures.items()} == {
        "before": ("rate before", 40, "/s"), "threads": ("threads", 24, ""),
        "home_answered": ("home answered", 0.5, "share"),
        "5_rate_before": ("5 × rate before", 200, "/s"), "limit": ("limit", 1, "/s")}


def test_a_figure_that_is_not_finite_is_none() -> None:
    seen = look([FakeRun(math.nan).answered >= 0.4], {"never": math.inf}, None, None)
    assert [of.value for of in seen.figures.values()] == [None, None]
    assert not seen.ok
