"""Judging a claim: it holds, it fails, or the machine was too busy to judge.

What a starved machine measures proves nothing, in either direction: when nobody is served because there is no processor
to be had, "nobody is served" comes true for the wrong reason. So:

    all conditions hold and no run was too busy       -> holds
    else, once: every run again, and look again       -> holds | fails | too busy, with the reason

In CI "too busy" gets one more try. A run counts as its own judge of how busy the machine was (``too_busy``), ``strict``
with half the limits, for claims that hold a measured time against theory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from labkit.check import records
from labkit.check.ci import in_ci
from labkit.check.claims import find
from labkit.check.conditions import Look, flat, look, repeatable
from labkit.check.verdict import Outcome, Verdict
from labkit.language import Text
from labkit.measure.machine import machine

__all__ = ["judge"]

_AGAIN = Text("“{id}”: {why}. Measuring once more.", "「{id}」：{why}。再測量一次。")
_MISSED = Text("not met on the first try", "第一次沒有成立")


def judge(claim_id: str, conditions: Any, *, lab_name: str | None = None, strict: bool = False,
          note: Text | str | None = None, evidence: Iterable[Any] | None = None,
          figures: Mapping[str, float] | None = None, rerun: Callable[[], object] | None = None,
          say: Callable[[Text], object] = print) -> Verdict:
    """Judge a claim of the book and keep its record.

    ``conditions``: one or several, see :mod:`labkit.check.conditions`. ``figures``: further figures for the record, by
    the name under which the prose refers to them. ``rerun`` measures everything again in place of each run's own
    ``again()``. ``say`` gets a sentence when it measures again, and when the record could not be written.

    It raises for a claim that cannot be judged (unknown id, no condition); what came of judging is in the verdict, so
    that it can be shown before `Verdict.raise_if_failed`.
    """
    claim, wanted, runs = find(claim_id), flat(claim_id, conditions), None if evidence is None else tuple(evidence)
    said = Text(note, note) if isinstance(note, str) else note

    def now() -> Look:
        return look(wanted, figures or {}, said, runs)

    seen, tries = now(), 1
    outcome, reason = _judged(seen, strict)
    while _worth_another(outcome, tries) and repeatable(wanted) and (rerun or seen.sources):
        say(_AGAIN.format(id=claim_id, why=reason or _MISSED))
        _repeat(seen, rerun)
        seen, tries = now(), tries + 1
        outcome, reason = _judged(seen, strict)
    at = datetime.now(UTC)
    verdict = Verdict(claim.id, claim.statement, outcome, seen.rows, reason, seen.figures, at.date().isoformat(),
                      at.isoformat(timespec="seconds"), machine(), tries, said, lab_name, records.code_digest(lab_name))
    if warning := records.write(claim.id, verdict.to_json()):
        say(warning)
    return verdict


def _judged(seen: Look, strict: bool) -> tuple[Outcome, Text | None]:
    """The outcome of one look; a run that was too busy neither passes nor fails."""
    reason = next((why for source in seen.sources if (why := source.too_busy(strict))), None)
    if reason is not None:
        return "too busy", reason
    return ("holds" if seen.ok else "fails"), None


def _worth_another(outcome: Outcome, tries: int) -> bool:
    return outcome != "holds" and tries < (3 if outcome == "too busy" and in_ci() else 2)


def _repeat(seen: Look, rerun: Callable[[], object] | None) -> None:
    if rerun is not None:
        rerun()
        return
    for source in seen.sources:
        source.again()
