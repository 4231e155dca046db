"""``{systems-table}``: every real system of the kit, made from its file and from what was measured of it.

What it is for, what the labs break in it, its version, ready time and memory on each substrate, where it comes from, its
licence, and whether it is still maintained. The figures are those of ``book/systems.json`` (:mod:`book.tools.systems`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext.standing import said
from book._ext.tables import Cell, Row, table, text_cell
from book.tools.systems import MEASURED, SUBSTRATES, measured
from labkit.language import Text
from labkit.measure.machine import named
from labkit.substrates.program import Program
from labkit.substrates.source import Go, Maven, Package, Source, Wheel
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.programs import programs
from labkit.systems.system import System

__all__ = ["figures", "last", "origin", "register"]

_HEAD = (Text("System", "系統"), Text("Local process", "本機進程"), Text("Container", "容器"),
         Text("Licence", "授權"))
_MAINTAINED = Text("Maintained: {what}", "仍在維護：{what}")
_BROKEN = Text("Broken: {what}", "破壞：{what}")
_FIGURES = Text("{version}: ready in {seconds}\u00a0s, {memory:.0f}\u00a0MiB",
                "{version}：{seconds}\u00a0秒就緒，{memory:.0f}\u00a0MiB")
_NOT_MEASURED = Text("not measured yet", "尚未量測")
_LAST = Text("Measured {when}, on a machine with {machine}: one instance, the median of three starts.",
             "量測於 {when}，機器是 {machine}：一個實例，取三次啟動的中位數。")
_ONE_DAY, _DAYS = Text("on {first}", "{first}"), Text("from {first} to {last}", "{first} 至 {last}")
_FROM = {Wheel: "PyPI", Maven: "Maven", Go: "Go"}


def register(app: Sphinx) -> None:
    """Make the directive known."""
    app.add_directive("systems-table", _Systems)


def figures(found: Mapping[str, Any] | None) -> Text:
    """What was measured of a system on one substrate."""
    if not found:
        return _NOT_MEASURED
    return _FIGURES.format(version=found["version"], seconds=f"{found['seconds']:.2g}", memory=found["memory"] / 2**20)


def origin(program: Program) -> tuple[str, str]:
    """Where the local program comes from, and what it is called there: Debian's package, else what ``labkit get`` fetches."""
    fetched = [source for source in program.sources if not isinstance(source, Package)]
    if program.debian or not fetched:
        return "Debian", program.debian
    return _FROM[type(fetched[0])], _what(fetched[0])


def last(by_day: Sequence[Mapping[str, Any]]) -> Text:
    """On which days it was measured, the earliest first, and on what the last time."""
    first, newest = by_day[0], by_day[-1]
    when = (_ONE_DAY if first["date"] == newest["date"] else _DAYS).format(first=first["date"], last=newest["date"])
    return _LAST.format(when=when, machine=named(newest["machine"]))


def _what(source: Source) -> str:
    if isinstance(source, Wheel):
        return source.project
    return source.coordinates.rpartition(":")[0] if isinstance(source, Maven) else getattr(source, "module", source.name)


class _Systems(SphinxDirective):
    """The table, in the language of the page, and below it when and where it was measured."""

    def run(self) -> list[nodes.Node]:
        self.env.note_dependency(str(MEASURED))
        found, all_programs = measured(), programs()
        rows: list[Row] = [([], self._cells(kind, all_programs[name], found.get(name, {}))) for name, kind in SYSTEMS.items()]
        by_day = sorted((one for by in found.values() for one in by.values()), key=lambda one: str(one["date"]))
        below = [nodes.paragraph("", said(self.env, last(by_day)), translatable=False)] if by_day else []
        return [table([said(self.env, text) for text in _HEAD], rows, (32, 23, 27, 18), ["systems"]), *below]

    def _cells(self, kind: type[System], program: Program, found: Mapping[str, Any]) -> list[Cell]:
        process, container = (figures(found.get(substrate)) for substrate in SUBSTRATES)
        where, what = origin(program)
        return [[nodes.paragraph("", "", nodes.literal("", kind.name)), *self._text(kind.purpose),
                 *self._text(_BROKEN.format(what=kind.breaks))],
                [self._head(1), *self._text(process), nodes.paragraph("", f"{where}: ", nodes.literal("", what))],
                [self._head(2), *self._text(container), nodes.paragraph("", "", nodes.literal("", program.image))],
                [nodes.paragraph("", "", nodes.literal("", kind.licence)), *self._text(_MAINTAINED.format(what=kind.maintained))]]

    def _head(self, column: int) -> nodes.Node:
        """What the cell's column is called, in the cell: on a phone, where each system is a block, the table shows no head."""
        return nodes.paragraph("", said(self.env, _HEAD[column]), translatable=False, classes=["head"])

    def _text(self, text: Text) -> list[nodes.Node]:
        return text_cell(said(self.env, text))


