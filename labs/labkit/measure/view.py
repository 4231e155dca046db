"""A run or a window of it, as a reader handles it: its streams, its figures, and the services' metrics beside them."""

from __future__ import annotations

import difflib
import math
from collections.abc import Callable, Sequence
from typing import Any, Self

import numpy as np

from labkit.language import Text
from labkit.measure.cache_use import CacheUse
from labkit.measure.gates import CONTROL, LIMITS, STRICT, kept_rate, too_busy
from labkit.measure.measured import Measured, Measurement, Window
from labkit.measure.quantity import Quantity
from labkit.measure.recording import Mark
from labkit.measure.samples import Numbers
from labkit.measure.series import increase, instances_of, metric_label, metric_unit, series, summed
from labkit.measure.staleness import stale

__all__ = ["Stream", "View"]

_BUSY = "pool_threads_busy"


class Stream(Measured):
    """One stream of a run, or of a window of it."""

    def __init__(self, source: Measurement, name: str, window: Window | None) -> None:
        super().__init__(source, Text(name, f"{name} "), [name], window)
        self.name = name

    @property
    def kept_rate(self) -> Text | None:
        """A sentence when the generator did not keep the rate, or None; a closed loop has no rate to keep."""
        rate = self.recording.rates.get(self.name, 0.0)
        return kept_rate(self.name, self.samples, rate) if rate else None


class View(Measured):
    """A run, or a window of it. Its own figures add up all streams but the control stream."""

    def __init__(self, source: Measurement, window: Window | None) -> None:
        streams = [name for name in source.recording.streams if name != CONTROL]
        super().__init__(source, Text("all", "全部"), streams, window)

    @property
    def names(self) -> list[str]:
        """The streams, without the control stream."""
        return list(self._streams)

    @property
    def faults(self) -> tuple[Mark, ...]:
        """The faults that were on, in seconds since second 0."""
        return self.recording.faults

    @property
    def seconds(self) -> float:
        """How long it is."""
        return self._length

    @property
    def kept_rate(self) -> Text | None:
        """The first sentence of a stream whose rate was not kept, or None."""
        return next((said for name in self.recording.streams if (said := self[name].kept_rate)), None)

    def __getitem__(self, name: str) -> Stream:
        """One stream. ``KeyError`` with the nearest name when there is none."""
        if name not in self.recording.streams:
            raise KeyError(str(_no_stream(name, list(self.recording.streams))))
        return Stream(self._source, name, self.window)

    def between(self, begin: float, end: float) -> View:
        """The part whose intended sends are in [begin, end), seconds since second 0; all else is left out."""
        first, last = self.span
        window = max(float(begin), first), min(float(end), last)
        if not window[0] < window[1]:
            raise ValueError(str(Text(
                "There is nothing between second {begin:g} and second {end:g}: this run goes from {first:g} to "
                "{last:g}. Give the earlier second first.",
                "第 {begin:g} 秒到第 {end:g} 秒之間沒有東西：這次執行從第 {first:g} 秒到第 {last:g} 秒。"
                "請把較早的秒數放在前面。"
            ).format(begin=begin, end=end, first=first, last=last)))
        return View(self._source, window)

    def again(self) -> Self:
        """Measure the whole run afresh; see :meth:`labkit.measure.run.Run.again`."""
        self._source.again()
        return self

    def too_busy(self, strict: bool = False) -> Text | None:
        """Why the machine was too busy for this part to be judged, or None; ``strict`` halves the limits."""
        return too_busy(self.recording, *self.span, STRICT if strict else LIMITS)

    def stale(self, reads: str, writes: str) -> Quantity:
        """The share of the good answers to ``reads`` that were older than what ``writes`` had been told before, 0 to 1.

        Both are streams on one item, of a load with ``tag`` "X-Revision"; see :mod:`labkit.measure.staleness`.
        """
        def share() -> float:
            asked = self[reads].samples
            good = int(np.count_nonzero(asked.ok))
            old = stale(asked, self[writes].samples, tuple(self.recording.tags))
            return float(np.count_nonzero(old)) / good if good else math.nan

        return self.quantity(Text("stale answers", "舊的回應"), share, "share")

    # The services' metrics

    def cache(self, service: str) -> CacheUse:
        """What the caches of ``service`` did: ``run.cache("catalogue").hit_ratio``."""
        return CacheUse(self, service)

    def watch(self, name: str, metric: str) -> tuple[Numbers, Numbers]:
        """(times, values) of an instance, or of a service: the sum of its instances. NaN where none answered."""
        return self._inside(*summed(self.recording.watch, name, metric))

    def busy(self, service: str) -> tuple[Numbers, Numbers]:
        """Its busy threads over time."""
        return self.watch(service, _BUSY)

    def peak(self, service: str, metric: str) -> Quantity:
        """The largest value seen; NaN when it never answered."""
        def peak() -> float:
            values = self.watch(service, metric)[1]
            return math.nan if np.isnan(values).all() else float(np.nanmax(values))

        return self._of_metric(Text("{service}: most {metric}", "{service} 最多的{metric}"), service, metric, peak)

    def first_time(self, service: str, metric: str, at_least: float) -> Quantity:
        """When the metric first was ``at_least`` so much: seconds since second 0, NaN when never."""
        def first() -> float:
            at, values = self.watch(service, metric)
            reached = np.flatnonzero(np.nan_to_num(values, nan=-math.inf) >= at_least)
            return float(at[reached[0]]) if len(reached) else math.nan

        text = Text("{service}: time until {at_least:g} {metric}", "{service} 到 {at_least:g} {metric}的時間")
        return self._of_metric(text, service, metric, first, "s", at_least=at_least)

    def rise(self, service: str, metric: str, begin: float | None = None, end: float | None = None) -> Quantity:
        """How much a counter rose from ``begin`` to ``end`` (all of this part), over all instances."""
        first, last = self.span
        span = first if begin is None else float(begin), last if end is None else float(end)

        def rise() -> float:
            watch = self.recording.watch
            return sum(increase(*series(watch, each, metric), *span) for each in instances_of(watch, service))

        part = self if (begin is None and end is None) else View(self._source, span)
        return part._of_metric(Text("{service}: {metric}", "{service} {metric}"), service, metric, rise)

    def _of_metric(self, text: Text, service: str, metric: str, evaluate: Callable[[], float], unit: str | None = None,
                   **values: Any) -> Quantity:
        summed(self.recording.watch, service, metric)  # an unknown name is told now, not when a claim is repeated
        label = text.format(service=service, metric=metric_label(metric), **values)
        return self.quantity(label, evaluate, metric_unit(metric) if unit is None else unit)

    def _inside(self, at: Numbers, values: Numbers) -> tuple[Numbers, Numbers]:
        begin, end = self.span
        inside = (at >= begin) & (at < end)
        return at[inside], values[inside]


def _no_stream(name: str, known: Sequence[str]) -> Text:
    near = difflib.get_close_matches(name, known, 1)
    hint = Text(" Did you mean {near!r}?", "是不是 {near!r}？").format(near=near[0]) if near else Text("", "")
    text = Text("There was no stream {name!r} in this run.{hint} It had: {known}.",
                "這次執行沒有名為 {name!r} 的請求。{hint}有的是：{known}。")
    return text.format(name=name, hint=hint, known=", ".join(known))
