"""Figures are read by people: three digits, the unit, and no false precision."""

from __future__ import annotations

import math

import pytest

from labkit.language import Text
from labkit.measure.figure import figure, figures_apart, plain


@pytest.mark.parametrize(("value", "shown"), [
    (0, "0"), (3.14159, "3.14"), (38.0, "38"), (38.04, "38"), (0.0001234, "0.000123"), (12345, "12,345"),
    (12345.6, "12,346"), (-2.5, "−2.5"), (1e9, "1,000,000,000"), (math.inf, "∞"), (-math.inf, "−∞"), (9.999, "10"),
    (100, "100")])
def test_numbers_have_three_digits_no_trailing_zeros_and_no_powers_of_ten(value: float, shown: str) -> None:
    assert plain(value) == shown


@pytest.mark.parametrize(("value", "unit", "english", "chinese"), [
    (0.983, "share", "98.3 %", "98.3 %"),
    (1.0, "share", "100 %", "100 %"),
    (38.04, "/s", "38/s", "38/秒"),
    (2.0, "s", "2 s", "2 秒"),
    (0.25, "s", "0.25 s", "0.25 秒"),
    (0.0123, "s", "12.3 ms", "12.3 毫秒"),
    (42e-6, "s", "42 µs", "42 微秒"),
    (5e-9, "s", "5 ns", "5 奈秒"),
    (0.0, "s", "0 s", "0 秒"),
    (math.inf, "s", "∞ s", "∞ 秒"),
    (3 * 2**20, "B", "3 MiB", "3 MiB"),
    (2048, "B/s", "2 KiB/s", "2 KiB/秒"),
    (24, "", "24", "24"),
    (7, "calls", "7 calls", "7 calls")])
def test_each_unit_is_written_in_both_languages(value: float, unit: str, english: str, chinese: str) -> None:
    assert figure(value, unit) == Text(english, chinese)


@pytest.mark.parametrize("nothing", [math.nan, None])
def test_what_was_not_measured_is_said_so(nothing: float | None) -> None:
    assert figure(nothing, "s") == Text("not measured", "沒有測得")


def test_two_figures_that_differ_are_never_shown_alike() -> None:
    assert [shown.en for shown in figures_apart(0.94996, 0.95, "share")] == ["94.996 %", "95 %"]


def test_two_equal_figures_are_shown_alike_and_short() -> None:
    assert [shown.en for shown in figures_apart(0.2, 0.2, "share")] == ["20 %", "20 %"]
