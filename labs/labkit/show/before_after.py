"""The same figures of two runs, side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.language import Text
from labkit.measure.figure import figure, figures_apart
from labkit.show.table import Table

if TYPE_CHECKING:
    from labkit.measure.measured import Measured

__all__ = ["AFTER", "BEFORE", "before_after"]

BEFORE, AFTER = Text("before", "之前"), Text("after", "之後")

_FIGURES = (("answered", Text("answered in time", "及時得到回應")),
            ("goodput", Text("answered per second", "每秒得到回應")),
            ("p50", Text("half within (p50)", "一半在此之內（p50）")),
            ("p99", Text("99 % within (p99)", "99 % 在此之內（p99）")),
            ("largest", Text("largest latency", "最大延遲")), ("timeouts", Text("timed out", "超時")),
            ("errors", Text("failed", "失敗")))


def _figures(a: float, b: float, unit: str) -> tuple[Text, Text]:
    return figure(a, unit), figure(b, unit)


def before_after(before: Measured, after: Measured, *, names: tuple[Text, Text] = (BEFORE, AFTER),
                 caption: Text | None = None) -> Table:
    """A row for each figure, a column for each of the two runs, or streams, or windows of a run."""
    rows = []
    for name, label in _FIGURES:
        first, second = getattr(before, name), getattr(after, name)
        apart = figures_apart if first.unit == "share" else _figures  # 99.97 % is not 100 %; 0.5002 s is 0.5 s
        rows.append([label, *apart(float(first), float(second), first.unit)])
    return Table([Text("measured", "測得"), *names], rows, caption)
