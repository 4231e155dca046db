"""The services' own metrics during a run: values over time, of one instance or added up over a service's."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping

import numpy as np

from labkit.language import Text
from labkit.measure.samples import Numbers

__all__ = ["METRICS", "increase", "instances_of", "metric_label", "metric_unit", "series", "summed"]

Watched = Mapping[str, Mapping[str, Numbers]]

METRICS = {
    "pool_threads_busy": Text("busy threads", "忙碌的線程"),
    "pool_threads_total": Text("threads of the pool", "線程池的線程"),
    "pool_tasks_waiting": Text("tasks waiting for a thread", "等待線程的工作"),
    "event_loop_lag_seconds": Text("event loop lag", "事件迴圈的延遲"),
    "requests_total": Text("requests completed", "完成的請求"),
    "requests_received_total": Text("requests received", "收到的請求"),
    "requests_in_flight": Text("requests in flight", "進行中的請求"),
    "calls_total": Text("calls to others", "對外的調用"),
    "breaker_state": Text("breaker state", "熔斷器狀態"),
    "lookup_seconds_count": Text("look-ups", "查詢次數"),
    "lookup_seconds_sum": Text("time for look-ups", "查詢所花的時間"),
    "embedded_hit_seconds_count": Text("hits in its own memory", "自己記憶體的命中次數"),
    "embedded_hit_seconds_sum": Text("time for hits in its own memory", "自己記憶體命中所花的時間"),
    "shared_hit_seconds_count": Text("hits in the shared cache", "共用緩存的命中次數"),
    "shared_hit_seconds_sum": Text("time for hits in the shared cache", "共用緩存命中所花的時間"),
    "database_seconds_count": Text("calls of the database", "對數據庫的調用"),
    "database_seconds_sum": Text("time for calls of the database", "調用數據庫所花的時間"),
    "query_seconds_count": Text("queries", "查詢語句的次數"),
    "query_seconds_sum": Text("time in queries", "執行查詢語句的時間"),
}


def metric_label(metric: str) -> Text:
    """The metric in words; its own name where labkit has none."""
    return METRICS.get(metric, Text(metric, metric))


def metric_unit(metric: str) -> str:
    """Prometheus's convention: the unit is the last word of the name."""
    return "s" if metric.endswith(("_seconds", "_seconds_sum")) else ""


def instances_of(watch: Watched, name: str) -> list[str]:
    """``name`` itself if it is an instance, else the instances of that service. ``LookupError`` when there is none."""
    found = [each for each in watch if each == name or re.fullmatch(re.escape(name) + r"-\d+", each)]
    if not found:
        raise _unknown(Text("Nothing called {name!r} was watched in this run.{hint} Watched: {known}.",
                            "這次執行沒有觀察 {name!r}。{hint}觀察了：{known}。"), name, watch)
    return found


def series(watch: Watched, instance: str, metric: str) -> tuple[Numbers, Numbers]:
    """(times, values) of one instance; NaN where it did not answer. ``LookupError`` for a metric not watched."""
    if metric not in watch[instance]:
        known = [each for each in watch[instance] if each != "at"]
        raise _unknown(Text("The metric {name!r} was not watched in this run.{hint} Watched: {known}.",
                            "這次執行沒有觀察指標 {name!r}。{hint}觀察了：{known}。"), metric, known)
    return watch[instance]["at"], watch[instance][metric]


def summed(watch: Watched, name: str, metric: str) -> tuple[Numbers, Numbers]:
    """(times, values) added up over the instances that answered; NaN where none did."""
    each = [series(watch, instance, metric) for instance in instances_of(watch, name)]
    values = np.vstack([values for _, values in each])
    total = np.where(np.isnan(values).all(axis=0), np.nan, np.nansum(values, axis=0))
    return each[0][0], total


def increase(at: Numbers, values: Numbers, begin: float, end: float) -> float:
    """How much a counter rose from ``begin`` to ``end``; one that falls was started anew at zero (as in Prometheus)."""
    inside = ~np.isnan(values) & (at <= end)
    before = np.flatnonzero(inside & (at <= begin))
    seen = values[inside & (at >= (at[before[-1]] if len(before) else begin))]
    if len(seen) == 0:
        return float("nan")
    steps = np.diff(seen)
    return float(np.where(steps >= 0, steps, seen[1:]).sum())


def _unknown(text: Text, name: str, known: Iterable[str]) -> LookupError:
    names = sorted(known)
    near = difflib.get_close_matches(name, names, 1)
    hint = Text(" Did you mean {near!r}?", "是不是 {near!r}？").format(near=near[0]) if near else Text("", "")
    return LookupError(str(text.format(name=name, hint=hint, known=", ".join(names) or "-")))
