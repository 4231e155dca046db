"""Grading in tests: the model answer passes, each wrong one fails as expected and with an example."""

from __future__ import annotations

from typing import Any

from labkit.check.exercises import Report, grade

__all__ = ["fails", "passes"]


def passes(exercise: str, answer: Any) -> Report:
    report = grade(exercise, answer)
    assert report.passed, f"{report.sentence}\n{report.example}"
    assert (report.broke, report.example, report.hint) == (None, None, None)
    return report


def fails(exercise: str, answer: Any, broke: str, example: str | None, hint: str = "", *,
          patience: float = 5.0) -> None:
    """It fails with this in what broke and in the hint, and with exactly this smallest example."""
    report = grade(exercise, answer, patience=patience)
    assert not report.passed
    assert report.broke is not None
    assert report.hint is not None
    assert broke in report.broke.en
    assert (report.example and report.example.en) == example
    assert hint in report.hint.en
    assert report.broke.zh != report.broke.en
    assert report.hint.zh != report.hint.en
