"""Where every claim of the book stands: its lab, its last verdict, and its figures with their day and machine."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from labkit.check import records
from labkit.check.claims import Claim, claims
from labkit.check.verdict import OUTCOMES
from labkit.language import Text, reader_language

__all__ = ["NOT_PROVEN", "Standing", "standings", "table"]

NOT_PROVEN = "not proven"
_NO_LAB = Text("no lab judges it any more", "已經沒有實驗判斷它")
_CHANGED = Text("its lab has changed since: run it again", "實驗的程式後來改過：請重新執行")
_HEAD = (Text("claim", "主張"), Text("verdict", "判定"), Text("lab", "實驗"), Text("measured", "測量日期"),
         Text("machine", "機器"))
_SUM = Text("{proven} of {all} claims hold by what their labs measured last; {judged} are judged in a lab.",
            "{all} 個主張中，有 {proven} 個依最近一次測量成立；{judged} 個有實驗在判斷。")


@dataclass(frozen=True)
class Standing:
    """One claim: ``verdict`` is an outcome or "not proven"; ``stale`` says that its lab's code has changed since.

    ``note`` says what is wrong with the record, if anything is, and what to do about it.
    """

    claim: Claim
    lab: str | None
    verdict: str
    record: dict[str, Any] | None
    stale: bool
    note: Text | None

    def to_json(self) -> dict[str, Any]:
        """One object of ``labkit claims --json``."""
        record = self.record or {}
        return {"id": self.claim.id, "statement": {"en": self.claim.statement.en, "zh": self.claim.statement.zh},
                "lab": self.lab, "verdict": self.verdict, "figures": record.get("figures", {}),
                "date": record.get("date"), "machine": record.get("machine"), "stale": self.stale,
                "note": None if self.note is None else {"en": self.note.en, "zh": self.note.zh}}


def standings() -> list[Standing]:
    """Every claim in the order of the book."""
    labs = {claim: lab.stem for lab in sorted(records.notebooks().glob("*.ipynb")) for claim in records.judged_in(lab)}
    digests = {lab: records.code_digest(lab) for lab in set(labs.values())}
    return [_standing(claim, labs.get(claim.id), digests) for claim in claims().values()]


def table(found: Iterable[Standing]) -> str:
    """The standings as text: a line a claim, its figures and notes indented under it, and a sum."""
    found = list(found)
    rows = [[str(name) for name in _HEAD], *(_cells(standing) for standing in found)]
    widths = [max(_width(row[column]) for row in rows) for column in range(len(_HEAD))]
    lines = [_line(rows[0], widths)]
    for row, standing in zip(rows[1:], found, strict=True):
        lines += [_line(row, widths), *_details(standing)]
    judged, proven = sum(each.lab is not None for each in found), sum(each.verdict == "holds" for each in found)
    return "\n".join([*lines, "", str(_SUM.format(proven=proven, judged=judged, all=len(found)))])


def _standing(claim: Claim, lab: str | None, digests: dict[str, str | None]) -> Standing:
    try:
        record = records.read(claim.id)
    except records.RecordError as error:
        return Standing(claim, lab, NOT_PROVEN, None, False, error.said)
    if record is None:
        return Standing(claim, lab, NOT_PROVEN, None, False, None)
    if lab is None:
        return Standing(claim, None, NOT_PROVEN, None, False, _NO_LAB)
    stale = record.get("code") != digests[lab]
    return Standing(claim, lab, record["outcome"], record, stale, _CHANGED if stale else None)


def _cells(standing: Standing) -> list[str]:
    record = standing.record or {}
    return [standing.claim.id, str(OUTCOMES[standing.verdict]), standing.lab or "—", record.get("date", "—"),
            record.get("machine", "—")]


def _details(standing: Standing) -> Iterator[str]:
    side = "zh" if reader_language() == "zh-Hant" else "en"
    for figure in (standing.record or {}).get("figures", {}).values():
        yield f"    {figure['label'][side]} {figure['shown'][side]}"
    if standing.note:
        yield f"    ({standing.note})"


def _line(cells: list[str], widths: list[int]) -> str:
    padded = (cell + " " * (width - _width(cell)) for cell, width in zip(cells, widths, strict=True))
    return "  ".join(padded).rstrip()


def _width(text: str) -> int:
    """Columns in a terminal: a Chinese character takes two."""
    return sum(2 if unicodedata.east_asian_width(character) in "WF" else 1 for character in text)
