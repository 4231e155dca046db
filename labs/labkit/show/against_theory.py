"""What was measured beside what theory says, and what the reader guessed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.chart import Chart
from labkit.show.over_time import joined
from labkit.show.rows import Axis, Point, Row, draw_rows
from labkit.show.sheet import Drawing

__all__ = ["Pair", "against_theory"]

_RATIO = Axis(Text("measured ÷ theory", "測得 ÷ 理論"))
_UNITS = {"s": Text("seconds", "秒"), "/s": Text("per second", "每秒"), "share": Text("share", "占比")}


@dataclass(frozen=True)
class Pair:
    """One figure both ways. ``unit`` is that of ``measured`` where it is a ``Quantity``, else the one given here."""

    label: Text
    measured: float
    theory: float
    guess: float | None = None
    unit: str = ""

    @property
    def in_unit(self) -> str:
        """The unit of both figures."""
        return self.unit or str(getattr(self.measured, "unit", ""))


def against_theory(pairs: Iterable[Pair | tuple[Text, float, float]], *, finding: Text | None = None) -> Chart:
    """A row for each pair. Pairs of one unit share an axis in it; pairs of several are shown as multiples of theory."""
    all_ = [pair if isinstance(pair, Pair) else Pair(*pair) for pair in pairs]
    units = {pair.in_unit for pair in all_}
    unit = units.pop() if len(units) == 1 else None
    axis = _RATIO if unit is None else Axis(_UNITS.get(unit, Text(unit, unit)), unit)
    rows = [_row(pair, 1.0 if unit is not None else pair.theory) for pair in all_]

    def draw(language: Language) -> Drawing:
        return draw_rows(rows, axis, language)

    return Chart(finding or _finding(all_), joined(map(_alt, all_)), draw)


def _row(pair: Pair, one: float) -> Row:
    def point(value: float, role: str, what: Text) -> Point:
        return Point(value / one, role, what.format(x=figure(value, pair.in_unit, 2)), under=role == "theory")

    points = [point(pair.measured, "healthy", Text("measured {x}", "測得 {x}")),
              point(pair.theory, "theory", Text("theory {x}", "理論 {x}"))]
    if pair.guess is not None:
        points.append(point(pair.guess, "guess", Text("your guess {x}", "你的猜測 {x}")))
    return Row(pair.label, tuple(points))


def _finding(pairs: list[Pair]) -> Text:
    ratios = [pair.measured / pair.theory for pair in pairs if pair.theory and pair.measured == pair.measured]
    if not ratios:
        return Text("Nothing was measured that theory speaks of", "沒有測得理論所說的數字")
    low, high = plain(min(ratios), 2), plain(max(ratios), 2)
    if low == high:
        return Text("Measured: {x} times what theory says", "測得的是理論值的 {x} 倍").format(x=low)
    return Text("Measured: {low} to {high} times what theory says",
                "測得的是理論值的 {low} 到 {high} 倍").format(low=low, high=high)


def _alt(pair: Pair) -> Text:
    return Text("{label}: measured {measured}, theory {theory}.", "{label}：測得 {measured}，理論 {theory}。").format(
        label=pair.label, measured=figure(pair.measured, pair.in_unit, 2), theory=figure(pair.theory, pair.in_unit, 2))
