"""Exercises: the reader writes a piece, and a grader tries to break it.

    lab.grade("time-to-fill", time_to_fill)

says what broke, by the smallest example, with a hint. In a notebook a wrong answer is shown and nothing is raised, for
it is the reader's to mend; in CI, where the solutions run, it is a failure.
"""

from __future__ import annotations

import contextlib
import importlib
import io
import pkgutil
from dataclasses import dataclass
from typing import Any

from labkit.check import graders
from labkit.check.ci import in_ci
from labkit.check.grader import Grader
from labkit.check.guard import PATIENCE
from labkit.check.names import unknown
from labkit.language import Text

__all__ = ["ExerciseFailed", "Report", "exercises", "grade", "grader"]

_PASSED = Text("“{name}”: right. It kept every promise in {tried} examples.",
               "「{name}」：正確。在 {tried} 個例子裡都沒有出錯。")
_FAILED = Text("“{name}”: not yet. {broke}", "「{name}」：還不對。{broke}")
_SIGNATURE_HINT = Text("Name and arguments must be as in the exercise.", "名稱和參數要和題目裡的一樣。")


class ExerciseFailed(AssertionError):
    """An answer that is not right, where it had to be. ``report`` says why."""

    def __init__(self, report: Report) -> None:
        super().__init__("\n".join(str(part) for part in (report.sentence, report.example, report.hint) if part))
        self.report = report


@dataclass(frozen=True)
class Report:
    """What came of grading: ``broke`` says what is wrong, ``example`` is the smallest that shows it, ``hint`` helps.

    All three are None for a right answer; an answer that could not be called at all has no example. ``tried`` counts
    the examples.
    """

    exercise: str
    statement: Text
    passed: bool
    broke: Text | None
    example: Text | None
    hint: Text | None
    tried: int

    @property
    def sentence(self) -> Text:
        """The outcome in one sentence."""
        return (_PASSED if self.passed else _FAILED).format(name=self.exercise, tried=self.tried, broke=self.broke)

    def raise_if_failed(self) -> None:
        """`ExerciseFailed` in CI, where the answer is the book's own solution; a reader is shown the report."""
        if not self.passed and in_ci():
            raise ExerciseFailed(self)


def exercises() -> list[str]:
    """The names of all exercises."""
    return [module.name.replace("_", "-") for module in pkgutil.iter_modules(graders.__path__)]


def grader(name: str) -> Grader:
    """The grader of an exercise; `LookupError` with the nearest known name where there is none."""
    if name not in exercises():
        raise unknown(Text("exercise", "練習"), name, exercises())
    found: Grader = importlib.import_module(f"{graders.__name__}.{name.replace('-', '_')}").GRADER
    return found


def grade(name: str, answer: Any, *, patience: float = PATIENCE) -> Report:
    """Grade an answer. What it prints meanwhile is not shown: it is called some hundred times.

    ``patience``: seconds after which one call counts as stuck.
    """
    chosen = grader(name)
    misfit = chosen.misfit(answer)
    if misfit is not None:
        return Report(name, chosen.statement, False, misfit, None, _SIGNATURE_HINT, 0)
    with contextlib.redirect_stdout(io.StringIO()):
        found = chosen.examine(answer, patience)
    if found.broke is None:
        return Report(name, chosen.statement, True, None, None, None, found.tried)
    return Report(name, chosen.statement, False, found.broke.what, found.example, found.broke.hint, found.tried)
