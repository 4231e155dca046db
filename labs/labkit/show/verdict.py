"""A claim's verdict as a card: the statement, what was measured against what it must be, and how it came out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from labkit.language import Language, Text
from labkit.measure.machine import named
from labkit.show.cells import Cell
from labkit.show.shown import Shown, tag, written
from labkit.show.signs import SIGNS, sign
from labkit.show.table import Table

__all__ = ["Condition", "Verdict", "VerdictCard", "verdict_card"]

_OUTCOMES = {"holds": ("mended", Text("Holds", "成立")), "fails": ("failed", Text("Fails", "不成立")),
             "too busy": ("waiting", Text("Too busy to judge", "太忙，無法判斷"))}
_COLUMNS = (Text("condition", "條件"), Text("measured", "測得"), Text("must be", "必須"), Text("verdict", "結果"))
_YES = Text("yes", "是")
_TRIES = Text("measured {n} times", "測了 {n} 次")


class Condition(Protocol):
    """One condition of a claim: what was measured stands in a relation to its limit, or does not."""

    @property
    def label(self) -> Text:
        """What was measured."""

    @property
    def shown(self) -> Text:
        """What came out, with its unit."""

    @property
    def relation(self) -> str:
        """One of < ≤ > ≥; none where it is a plain yes or no."""

    @property
    def limit_shown(self) -> Text:
        """What it is held against, with its unit; nothing where it is a plain yes or no."""

    @property
    def ok(self) -> bool:
        """Whether it holds."""


class Verdict(Protocol):
    """What a card shows; ``labkit.check`` makes them."""

    @property
    def id(self) -> str:
        """The claim's, as in ``book/claims.yml``."""

    @property
    def statement(self) -> Text:
        """What the claim says."""

    @property
    def outcome(self) -> str:
        """"holds", "fails" or "too busy"."""

    @property
    def rows(self) -> Sequence[Condition]:
        """Its conditions."""

    @property
    def reason(self) -> Text | None:
        """Why it could not be judged."""

    @property
    def date(self) -> str:
        """When it was measured."""

    @property
    def machine(self) -> str:
        """On what it was measured."""

    @property
    def tries(self) -> int:
        """How often it was measured."""


class VerdictCard(Shown):
    """The outcome is a sign and a word, and then a colour."""

    css = ("table", "card")

    def __init__(self, verdict: Verdict) -> None:
        self.verdict = verdict
        self.role, self.outcome = _OUTCOMES[verdict.outcome]
        self.figures = Table(_COLUMNS, [_row(row) for row in verdict.rows]) if verdict.rows else None

    def body(self, language: Language) -> str:
        """The outcome, what was claimed, why it cannot be judged, and the figures beside their bounds."""
        parts = [tag("p", sign(self.role) + written(self.outcome, language), class_="mbe-outcome"),
                 tag("p", written(self.verdict.statement, language), class_="mbe-statement"),
                 tag("p", written(self.verdict.reason, language)) if self.verdict.reason else "",
                 self.figures.body(language) if self.figures else "",
                 tag("p", " · ".join([tag("code", self.verdict.id), written(self._when(language), language)]),
                     class_="mbe-small")]
        return tag("section", "".join(parts), class_=f"mbe-card mbe-card-{self.role}",
                   aria_label=f"{self.verdict.id}: {self.outcome.to(language)}")

    def plain(self, language: Language) -> str:
        """The same in lines."""
        parts = [f"{SIGNS[self.role]} {self.outcome.to(language)}: {self.verdict.statement.to(language)}",
                 self.verdict.reason.to(language) if self.verdict.reason else "",
                 self.figures.plain(language) if self.figures else "",
                 f"{self.verdict.id} · {self._when(language)}"]
        return "\n".join(part for part in parts if part)

    def _when(self, language: Language) -> str:
        tries = [_TRIES.format(n=self.verdict.tries).to(language)] if self.verdict.tries > 1 else []
        return " · ".join([str(self.verdict.date), named(self.verdict.machine).to(language), *tries])


def verdict_card(verdict: Verdict) -> VerdictCard:
    """The card of a verdict."""
    return VerdictCard(verdict)


def _row(condition: Condition) -> list[Cell]:
    need = _YES if not condition.relation else Text("{relation} {limit}", "{relation} {limit}").format(
        relation=condition.relation, limit=condition.limit_shown)
    return [condition.label, condition.shown, need, condition.ok]
