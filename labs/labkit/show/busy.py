"""Busy threads of each service's pool over time, with the moment at which theory fills it and the reader's guess."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from labkit.language import Language, Text
from labkit.measure.figure import figure, plain
from labkit.show.areas import Area
from labkit.show.chart import Chart
from labkit.show.marks import Diamond, Mark
from labkit.show.over_time import bands, faults_in_words, joined
from labkit.show.panel import Panel
from labkit.show.references import Level, Moment
from labkit.show.sheet import Drawing, draw_over_time

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["busy_threads"]

_TITLE = Text("{service}, busy threads", "{service}，忙碌的線程")
_POOL = Text("{n} in the pool", "線程池 {n} 個")
_FULL_AT = 0.98


def busy_threads(run: View, pools: Mapping[str, int], *, theory: Mapping[str, float] | None = None,
                 guess: Mapping[str, float | None] | None = None, finding: Text | None = None) -> Chart:
    """Busy threads of each service in ``pools`` (service to pool size), a panel each in that order.

    ``theory`` and ``guess`` say at which second of the run a pool should be full; a guess that nobody made is None.
    """
    panels = [_panel(run, service, pool, (theory or {}).get(service), (guess or {}).get(service))
              for service, pool in pools.items()]
    full = {service: _full(run, service, pool) for service, pool in pools.items()}

    def draw(language: Language) -> Drawing:
        return draw_over_time(panels, bands(run), run.span, language)

    alt = joined([*(_alt(run, service, pool, full[service], (theory or {}).get(service))
                    for service, pool in pools.items()), faults_in_words(run)])
    return Chart(finding or _finding(full), alt, draw)


def _panel(run: View, service: str, pool: int, theory: float | None, guess: float | None) -> Panel:
    marks: list[Mark] = [*_cells(run, service), Level(pool, "busy", _POOL.format(n=pool))]
    if theory is not None:
        label = Text("theory {at}", "理論 {at}").format(at=figure(theory, "s", 2))
        marks.append(Moment(theory, "theory", label))
    if guess is not None:
        marks.append(Diamond((guess,), (pool / 2,), "guess", Text("your guess", "你的猜測")))
    return Panel(_TITLE.format(service=service), tuple(marks), top=float(pool), height=90, lines=(0, pool / 2, pool))


def _cells(run: View, service: str) -> list[Mark]:
    """The busy threads as an area, in pieces where the service did not say (it was paused or dead)."""
    at, busy = (np.asarray(part, float) for part in run.busy(service))
    edges = np.append(at, run.span[1])
    return [Area(edges, np.zeros_like(busy), busy, "busy")] if len(at) else []


def _full(run: View, service: str, pool: int) -> float:
    at, busy = (np.asarray(part, float) for part in run.busy(service))
    reached = np.flatnonzero(np.nan_to_num(busy) >= _FULL_AT * pool)
    return float(at[reached[0]]) if len(reached) else float("nan")


def _finding(full: Mapping[str, float]) -> Text:
    filled = sorted((at, service) for service, at in full.items() if at == at)
    if not filled:
        return Text("No pool fills", "沒有線程池被占滿")
    parts = [Text("{service} after {at}", "{service} 在第 {at}").format(service=service, at=figure(at, "s", 2))
             for at, service in filled]
    return Text("Full pools: {parts}", "線程池占滿：{parts}").format(
        parts=Text(", ".join(part.en for part in parts), "，".join(part.zh for part in parts)))


def _alt(run: View, service: str, pool: int, full: float, theory: float | None) -> Text:
    _, busy = run.busy(service)
    most = float(np.nanmax(np.asarray(busy, float), initial=0))
    nothing = Text("", "")
    when = Text(", full at {at}", "，在 {at}占滿") if full == full else nothing
    held = Text(", in theory at {at}", "，理論上在 {at}") if theory is not None else nothing
    return Text("{service}: at most {most} of {pool} threads busy{when}{held}.",
                "{service}：{pool} 個線程中最多有 {most} 個忙碌{when}{held}。").format(
                    service=service, most=plain(most), pool=pool, when=when.format(at=figure(full, "s", 2)),
                    held=held.format(at=figure(theory or 0, "s", 2)))
