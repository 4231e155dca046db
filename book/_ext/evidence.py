"""What stands behind a claim, as nodes for a page: verdict, figures against their bounds, day, machine, and where to look.

The prose (``measured.py``), the page of proofs (``proofs.py``) and a lab's page (``cells.py``) show the same.
"""

from __future__ import annotations

from itertools import groupby
from typing import Any

from docutils import nodes
from sphinx.environment import BuildEnvironment

from book._ext.elements import drawing, element, tag
from book._ext.gauge import gauge
from book._ext.naming import page_naming
from book._ext.standing import address, lab_page, said
from labkit.check.listing import Standing
from labkit.language import Text
from labkit.measure.machine import named

__all__ = ["IN_CHAPTER", "IN_LAB", "IN_PROOFS", "evidence", "link", "links"]

IN_LAB = Text("see the lab’s cell", "看實驗的儲存格")
IN_CHAPTER = Text("read it in the chapter", "讀章裡的這句話")
IN_PROOFS = Text("all that this book proves", "這本書證明的一切")

_TIMES = Text("{n} times", "{n} 次")
_YES, _NO = Text("✓ yes", "✓ 是"), Text("✕ no", "✕ 否")
_MEASURED_AGAIN = Text("measured {n} times", "測量了 {n} 次")

Row = dict[str, Any]


def evidence(env: BuildEnvironment, found: Standing) -> list[nodes.Node]:
    """Figures with their bounds, then what else was measured, then day and machine; the reason where nothing counts."""
    shown: list[nodes.Node] = []
    if found.record:
        rows = [_condition(env, group) for group in _conditions(found.record["rows"])]
        rest = [_figure(env, figure) for figure in _others(found.record)]
        shown += [tag("ul", *rows, *rest, class_="proof-figures"), _when(env, found.record)]
        if reason := found.record.get("reason"):
            shown.append(tag("p", said(env, Text(**reason)), class_="proof-note"))
    if found.note:
        shown.append(tag("p", said(env, found.note), class_="proof-note"))
    return shown


def links(env: BuildEnvironment, found: Standing, *places: Text) -> list[nodes.Node]:
    """Links to ``places`` (of IN_LAB, IN_CHAPTER, IN_PROOFS), those that there are."""
    pages = {IN_LAB: lab_page(found) if found.lab else None, IN_CHAPTER: page_naming(env, found.claim.id),
             IN_PROOFS: "book/proofs"}
    made = [link(env, page, found.claim.id, place) for place in places if (page := pages[place])]
    return [tag("p", *_between(made), class_="proof-links")] if made else []


def link(env: BuildEnvironment, page: str, claim: str, text: Text) -> element:
    """A link to where ``page`` has the claim."""
    return tag("a", said(env, text), class_="reference internal", href=address(env, page, claim))


def _between(made: list[element]) -> list[nodes.Node]:
    separated: list[nodes.Node] = [part for one in made for part in (nodes.Text(" · "), one)]
    return separated[1:]


def _conditions(rows: list[Row]) -> list[list[Row]]:
    """The rows of one and the same figure together: its bounds; a figure that stands there again is counted."""
    return [list(group) for _, group in groupby(rows, key=lambda row: (row["label"], row["value"], row["shown"]))]


def _others(record: Row) -> list[Row]:
    """The figures that are not among the conditions."""
    there = [(row["label"], row["shown"]) for row in record["rows"]]
    return [figure for figure in record["figures"].values() if (figure["label"], figure["shown"]) not in there]


def _condition(env: BuildEnvironment, rows: list[Row]) -> nodes.Node:
    """``home answered 12 % ≤ 20 %``, drawn beside it."""
    first, bounds = rows[0], list(dict.fromkeys((row["relation"], row["limit"]) for row in rows if row["relation"]))
    ok = all(row["ok"] for row in rows)
    drawn = gauge(first["value"], [(relation, limit) for relation, limit in bounds if limit is not None], first["unit"], ok)
    limits = dict.fromkeys(f"{row['relation']} {said(env, Text(**row['limit_shown']))}" for row in rows if row["relation"])
    times = len(rows) // max(1, len(limits))
    value = said(env, Text(**first["shown"])) if bounds else said(env, _YES if ok else _NO)
    counted = f" ({said(env, _TIMES.format(n=times))})" if times > 1 else ""
    held = f" {', '.join(limits)}" if limits else ""
    return tag("li", _words(said(env, Text(**first["label"])), value, held + counted), drawing(markup=drawn), class_="proof-row")


def _figure(env: BuildEnvironment, of: Row) -> nodes.Node:
    label, value = (said(env, Text(**of[key])) for key in ("label", "shown"))
    return tag("li", _words(label, value, ""), class_="proof-row")


def _words(label: str, value: str, held: str) -> element:
    return tag("span", tag("span", label, class_="proof-label"), " ", tag("b", value), held, class_="proof-words")


def _when(env: BuildEnvironment, record: Row) -> nodes.Node:
    tries = record.get("tries", 1)
    again = [f" · {said(env, _MEASURED_AGAIN.format(n=tries))}"] if tries > 1 else []
    return tag("p", tag("time", record["date"], datetime=record["date"]), f" · {said(env, named(record['machine']))}", *again,
               class_="proof-when")
