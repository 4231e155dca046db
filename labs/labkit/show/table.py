"""Tables: figures one under the other, right-aligned, in both languages; wide ones scroll in their own box."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.language import Language, Text
from labkit.show.cells import Cell, in_words, is_figure, padded, screen_width
from labkit.show.shown import Shown, say, tag, written

__all__ = ["Cell", "Table", "table"]


class Table(Shown):
    """``columns`` are the headings, the first one that of the rows' names."""

    css = ("table",)

    def __init__(self, columns: Sequence[Text | str], rows: Sequence[Sequence[Cell]], caption: Text | None = None
                 ) -> None:
        wrong = next((row for row in rows if len(row) != len(columns)), None)
        if wrong is not None:
            raise ValueError(str(Text("A table of {m} columns has a row of {n}; give each row a cell for each column.",
                                      "{m} 欄的表格裡有一列只有 {n} 格；請讓每一列的格數與欄數相同。"
                                      ).format(n=len(wrong), m=len(columns))))
        self.columns, self.caption = list(columns), caption
        self.rows = [[in_words(cell) for cell in row] for row in rows]
        self._figures = [bool(rows) and all(is_figure(row[i]) for row in rows) for i in range(len(columns))]

    def body(self, language: Language) -> str:
        """The table in a box of its own, which a keyboard can scroll."""
        caption = tag("caption", written(self.caption, language)) if self.caption else ""
        head = "".join(tag("th", written(name, language), scope="col", class_=self._class(i))
                       for i, name in enumerate(self.columns))
        rows = "".join(tag("tr", self._row(row, language)) for row in self.rows)
        whole = tag("table", caption + tag("thead", tag("tr", head)) + tag("tbody", rows), class_="mbe-table")
        name = say(self.caption or self.columns[0], language)
        return tag("div", whole, class_="mbe-scroll", tabindex=0, role="group", aria_label=name)

    def plain(self, language: Language) -> str:
        """The same in columns of text."""
        whole: list[Sequence[Text | str]] = [self.columns, *self.rows]
        lines = [[say(cell, language) for cell in line] for line in whole]
        columns = [max(screen_width(line[i]) for line in lines) for i in range(len(self.columns))]
        rows = ("  ".join(map(padded, line, columns, self._figures)).rstrip() for line in lines)
        return "\n".join([*([self.caption.to(language)] if self.caption else []), *rows])

    def _row(self, row: Sequence[Text], language: Language) -> str:
        first, *others = (written(cell, language) for cell in row)
        return tag("th", first, scope="row", class_=self._class(0)) + "".join(
            tag("td", text, class_=self._class(i)) for i, text in enumerate(others, 1))

    def _class(self, column: int) -> str | None:
        return "mbe-figure" if self._figures[column] else None


def table(columns: Sequence[Text | str], rows: Sequence[Sequence[Cell]], caption: Text | None = None) -> Table:
    """A table with a heading for every column and every row."""
    return Table(columns, rows, caption)
