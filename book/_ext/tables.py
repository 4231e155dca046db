"""A table as docutils wants it, from rows of cells."""

from __future__ import annotations

from collections.abc import Sequence

from docutils import nodes

__all__ = ["Cell", "Row", "table", "text_cell"]

Cell = Sequence[nodes.Node]
Row = tuple[Sequence[str], Sequence[Cell]]  # the ids by which the row is found, and its cells


def table(head: Sequence[str], rows: Sequence[Row], widths: Sequence[int], classes: Sequence[str] = ()) -> nodes.table:
    """The table; ``widths`` are the columns' shares."""
    group = nodes.tgroup("", *[nodes.colspec(colwidth=width) for width in widths], cols=len(widths))
    group += nodes.thead("", _row([], [text_cell(name) for name in head]))
    group += nodes.tbody("", *[_row(ids, cells) for ids, cells in rows])
    return nodes.table("", group, classes=[*classes, "colwidths-given"])


def text_cell(text: str) -> list[nodes.Node]:
    """A cell of plain text."""
    return [nodes.paragraph("", text)]


def _row(ids: Sequence[str], cells: Sequence[Cell]) -> nodes.row:
    row = nodes.row("", *[nodes.entry("", *cell) for cell in cells])
    row["ids"] += ids
    return row
