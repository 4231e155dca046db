"""What came of judging a claim, and how a reader is told."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from labkit.check.ci import in_ci
from labkit.language import Text
from labkit.measure.figure import figure

__all__ = ["OUTCOMES", "ClaimFailed", "ClaimNotProven", "Figure", "Outcome", "Row", "Verdict"]

Outcome = Literal["holds", "fails", "too busy"]
OUTCOMES: dict[str, Text] = {
    "holds": Text("holds", "成立"), "fails": Text("does not hold", "不成立"),
    "too busy": Text("too busy to judge", "機器太忙，無法判斷"), "not proven": Text("not proven", "尚未證明")}

_HOLDS = Text("“{id}” holds.", "「{id}」成立。")
_FAILS = Text("“{id}” does not hold: {misses}{twice}.", "「{id}」不成立：{misses}{twice}。")
_TWICE = Text(" (measured {tries} times)", "（測量了 {tries} 次）")
_BUSY = Text("“{id}” could not be judged, because {reason}. Close other programs and run the cell again.",
             "無法判斷「{id}」：{reason}。請關掉其他程式，再執行這一格。")
_MISS = Text("{label} was {shown} and must be {relation} {limit}", "{label}是 {shown}，應該 {relation} {limit}")
_UNTRUE = Text("not true: {label}", "並非如此：{label}")


class ClaimFailed(AssertionError):
    """The claim does not hold. ``verdict`` has the figures."""

    def __init__(self, verdict: Verdict) -> None:
        super().__init__(str(verdict.sentence))
        self.verdict = verdict


class ClaimNotProven(ClaimFailed):
    """The machine was too busy to judge, where nobody is there to try again later."""


@dataclass(frozen=True)
class Row:
    """One condition as a row of a table: ``label``, ``shown``, ``relation``, ``limit_shown``, and whether it is so.

    ``value`` and ``limit`` are the bare figures, in ``unit``; a condition without figures has None, and no relation.
    """

    label: Text
    value: float | None
    relation: str
    limit: float | None
    ok: bool
    unit: str
    shown: Text
    limit_shown: Text


@dataclass(frozen=True)
class Figure:
    """A figure that the record keeps, for the prose to refer to; None was not measured."""

    label: Text
    value: float | None
    unit: str

    @property
    def shown(self) -> Text:
        """The figure with its unit."""
        return figure(self.value, self.unit)


@dataclass(frozen=True)
class Verdict:
    """The outcome and all that it rests on: ``reason`` says why "too busy" is, ``tries`` how often was measured.

    ``date`` is the day and ``at`` the second, in UTC; ``lab`` is the notebook and ``code`` the digest of its code.
    """

    id: str
    statement: Text
    outcome: Outcome
    rows: tuple[Row, ...]
    reason: Text | None
    figures: Mapping[str, Figure]
    date: str
    at: str
    machine: str
    tries: int
    note: Text | None = None
    lab: str | None = None
    code: str | None = None

    @property
    def sentence(self) -> Text:
        """The verdict in one sentence."""
        if self.outcome == "too busy":
            return _BUSY.format(id=self.id, reason=self.reason)
        if self.outcome == "holds":
            return _HOLDS.format(id=self.id)
        twice = _TWICE.format(tries=self.tries) if self.tries > 1 else Text("", "")
        misses = [_miss(row) for row in self.rows if not row.ok]
        together = Text("; ".join(miss.en for miss in misses), "；".join(miss.zh for miss in misses))
        return _FAILS.format(id=self.id, misses=together, twice=twice)

    def raise_if_failed(self) -> None:
        """`ClaimFailed` when it does not hold; `ClaimNotProven` when the machine was too busy and this is CI."""
        if self.outcome == "fails":
            raise ClaimFailed(self)
        if self.outcome == "too busy" and in_ci():
            raise ClaimNotProven(self)

    def to_json(self) -> dict[str, Any]:
        """The record: plain JSON, texts in both languages, null where a figure is not finite."""
        return {"id": self.id, "statement": _both(self.statement), "outcome": self.outcome,
                "rows": [_row(row) for row in self.rows], "reason": _both(self.reason), "note": _both(self.note),
                "figures": {name: _figure(of) for name, of in self.figures.items()},
                "date": self.date, "at": self.at, "machine": self.machine, "tries": self.tries,
                "lab": self.lab, "code": self.code}


def finite(value: float) -> float | None:
    """``value``, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None


def _miss(row: Row) -> Text:
    text = _MISS if row.relation else _UNTRUE
    return text.format(label=row.label, shown=row.shown, relation=row.relation, limit=row.limit_shown)


def _row(row: Row) -> dict[str, Any]:
    return {"label": _both(row.label), "value": row.value, "relation": row.relation, "limit": row.limit, "ok": row.ok,
            "unit": row.unit, "shown": _both(row.shown), "limit_shown": _both(row.limit_shown)}


def _figure(of: Figure) -> dict[str, Any]:
    return {"label": _both(of.label), "value": of.value, "unit": of.unit, "shown": _both(of.shown)}


def _both(text: Text | None) -> dict[str, str] | None:
    return None if text is None else {"en": text.en, "zh": text.zh}
