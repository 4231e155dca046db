"""The conditions of a claim, and what one look at them shows.

A condition is one of

- a comparison of measured figures, ``after.answered <= 0.2``, which brings the runs that it rests on;
- a function that gives one, or a bool: it is called again after a repeated run;
- a plain bool. It shows no figure and cannot be looked at again, so its claim gets one try.

A bool shows nothing by itself, so its claim needs a ``note`` that says what is true, and ``evidence``: the runs that it
rests on (``evidence=()`` says that it rests on none).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.check.verdict import Figure, Row, finite
from labkit.language import Text
from labkit.measure.quantity import Comparison, Quantity, distinct

__all__ = ["Condition", "Look", "flat", "look", "repeatable"]

Condition = Comparison | bool | np.bool_ | Callable[[], Comparison | bool]

_NONE = Text("A claim needs at least one condition, as lab.claim(\"{id}\", after.answered <= 0.2).",
             "主張至少要有一個條件，例如 lab.claim(\"{id}\", after.answered <= 0.2)。")
_NO_CONDITION = Text("{value!r} ({kind}) is no condition: compare it with something, as in after.answered <= 0.2.",
                     "{value!r}（{kind}）不是條件：請拿它和別的數字比較，例如 after.answered <= 0.2。")
_UNSAID = Text("A plain true or false shows no figure. Compare measured figures, as in after.answered <= 0.2, or say "
               "what is true by note=Text(...) and by evidence=[...] on which runs it rests (evidence=() for none).",
               "單純的真或假看不到任何數字。請改用測得的數字來比較，例如 after.answered <= 0.2；"
               "或用 note=Text(...) 說明什麼為真，並用 evidence=[...] 指出根據哪些執行（沒有就寫 evidence=()）。")
_TRUTH = {True: Text("yes", "是"), False: Text("no", "否")}


@dataclass(frozen=True)
class Look:
    """One look at the conditions: are they so, what do they show, on which runs do they rest."""

    rows: tuple[Row, ...]
    figures: Mapping[str, Figure]
    sources: tuple[Any, ...]

    @property
    def ok(self) -> bool:
        """Every condition is so."""
        return all(row.ok for row in self.rows)


def flat(claim_id: str, conditions: Any) -> tuple[Condition, ...]:
    """The conditions one by one; `ValueError` where there is none, `TypeError` for what is none."""
    found = tuple(_each(conditions))
    if not found:
        raise ValueError(str(_NONE.format(id=claim_id)))
    return found


def repeatable(conditions: Iterable[Condition]) -> bool:
    """All of them can be looked at again; a plain bool stays what it was when the cell computed it."""
    return not any(isinstance(condition, bool | np.bool_) for condition in conditions)


def look(conditions: Iterable[Condition], figures: Mapping[str, float], note: Text | None,
         evidence: Iterable[Any] | None) -> Look:
    """Evaluate every condition and figure as of now."""
    seen = [_now(condition) for condition in conditions]
    if any(isinstance(each, bool) for each in seen) and (note is None or evidence is None):
        raise ValueError(str(_UNSAID))
    named = {name: value.again() if isinstance(value, Quantity) else value for name, value in figures.items()}
    compared = [each for each in seen if isinstance(each, Comparison)]
    behind = (source for each in (*compared, *named.values()) for source in getattr(each, "sources", ()))
    sources = distinct((*behind, *(evidence or ())))
    return Look(tuple(_row(each, note) for each in seen), _figures(named, compared), sources)


def _each(conditions: Any) -> Iterable[Condition]:
    if isinstance(conditions, tuple | list):
        for each in conditions:
            yield from _each(each)
    elif isinstance(conditions, Comparison | bool | np.bool_) or callable(conditions):
        yield conditions
    else:
        raise TypeError(str(_NO_CONDITION.format(value=conditions, kind=type(conditions).__name__)))


def _now(condition: Condition) -> Comparison | bool:
    if isinstance(condition, Comparison):
        return condition.again()
    if isinstance(condition, bool | np.bool_):
        return bool(condition)
    result = flat("", condition())
    if len(result) != 1 or callable(result[0]):
        raise TypeError(str(_NO_CONDITION.format(value=result, kind="function")))
    return _now(result[0])


def _row(seen: Comparison | bool, note: Text | None) -> Row:
    if isinstance(seen, bool):
        return Row(note or Text("", ""), None, "", None, seen, "", _TRUTH[seen], Text("", ""))
    label = seen.left.label if isinstance(seen.left, Quantity) else seen.figures[0]
    return Row(label, finite(seen.left), seen.op, finite(seen.right), bool(seen), seen.unit, seen.figures[0],
               seen.sides[1])


def _figures(named: Mapping[str, float], compared: Iterable[Comparison]) -> dict[str, Figure]:
    """The named figures, and those compared that have no name: what was measured, and what the limit is made of."""
    found = {name: _figure(name, value) for name, value in named.items()}
    for each in compared:
        for quantity in (each.left, *getattr(each.right, "parts", ())):
            if isinstance(quantity, Quantity) and quantity.label not in [known.label for known in found.values()]:
                found[_key(quantity.label)] = _figure("", quantity)
    return found


def _figure(name: str, value: float) -> Figure:
    if isinstance(value, Quantity):
        return Figure(value.label, finite(value), value.unit)
    return Figure(Text(name.replace("_", " "), name.replace("_", " ")), finite(value), "")


def _key(label: Text) -> str:
    return re.sub(r"\W+", "_", label.en.lower()).strip("_")
