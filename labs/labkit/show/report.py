"""The report of an exercise: passed, or what broke, by the smallest example that breaks it, with a hint to open."""

from __future__ import annotations

from html import escape
from typing import Protocol

from labkit.language import Language, Text
from labkit.measure.figure import plain
from labkit.show.shown import Shown, say, tag, written
from labkit.show.signs import SIGNS, sign

__all__ = ["Report", "ReportCard", "report_card"]

_PASSED, _NOT_YET = Text("Passed", "通過"), Text("Not yet", "還沒有通過")
_TRIED = Text("It withstood {n} attempts to break it.", "嘗試了 {n} 次都沒有弄壞它。")
_EXAMPLE = Text("The smallest example that breaks it", "最小的反例")
_HINT = Text("Hint", "提示")


class Report(Protocol):
    """What a card shows; ``labkit.check`` makes them. ``broke``, ``example`` and ``hint`` are for what did not pass."""

    @property
    def statement(self) -> Text:
        """What the exercise asks for."""

    @property
    def tried(self) -> int:
        """How many examples it was tried with."""

    @property
    def passed(self) -> bool:
        """Whether it withstood every attack."""

    @property
    def broke(self) -> Text | None:
        """What broke, in a sentence."""

    @property
    def example(self) -> Text | str | None:
        """The smallest case that breaks it."""

    @property
    def hint(self) -> Text | None:
        """Where to look."""


class ReportCard(Shown):
    """The hint is folded away: whoever wants to find it alone can."""

    css = ("card",)

    def __init__(self, report: Report) -> None:
        self.report = report
        self.role, self.outcome = ("mended", _PASSED) if report.passed else ("failed", _NOT_YET)

    def body(self, language: Language) -> str:
        """The outcome, the task, and what broke."""
        report = self.report
        parts = [tag("p", sign(self.role) + written(self.outcome, language), class_="mbe-outcome"),
                 tag("p", written(report.statement, language), class_="mbe-statement"),
                 tag("p", written(_TRIED.format(n=plain(report.tried)), language)) if report.passed else ""]
        if report.broke:
            parts.append(tag("p", written(report.broke, language)))
        if report.example:
            parts.append(tag("p", written(_EXAMPLE, language), class_="mbe-small")
                         + tag("pre", escape(say(report.example, language)), tabindex=0))
        if report.hint:
            summary = tag("summary", written(_HINT, language))
            parts.append(tag("details", summary + tag("p", written(report.hint, language))))
        return tag("section", "".join(parts), class_=f"mbe-card mbe-card-{self.role}",
                   aria_label=f"{report.statement.to(language)}: {self.outcome.to(language)}")

    def plain(self, language: Language) -> str:
        """The same in lines of text; the hint is the last."""
        report = self.report
        parts = [f"{SIGNS[self.role]} {self.outcome.to(language)}: {report.statement.to(language)}",
                 report.broke.to(language) if report.broke else "",
                 f"{_EXAMPLE.to(language)}:\n{say(report.example, language)}" if report.example else "",
                 f"{_HINT.to(language)}: {report.hint.to(language)}" if report.hint else ""]
        return "\n".join(part for part in parts if part)


def report_card(report: Report) -> ReportCard:
    """The card of an exercise's report."""
    return ReportCard(report)
