"""``lab.chart``: every picture and table that a notebook can ask for, by a verb each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from labkit.handles.figures import replay
from labkit.handles.fleet import USERS, Fleet
from labkit.handles.service import Service
from labkit.language import Text
from labkit.measure.cache_use import CacheUse
from labkit.measure.run import Run, View
from labkit.measure.series import instances_of
from labkit.show import snapshot
from labkit.show.against_theory import Pair, against_theory
from labkit.show.answers import answers_over_time
from labkit.show.busy import busy_threads
from labkit.show.chart import Chart
from labkit.show.latency import latency_over_time
from labkit.show.live import Live
from labkit.show.predict import Prediction
from labkit.show.source import Source, source
from labkit.show.table import Cell, Table
from labkit.show.topology import Topology, topology

__all__ = ["Charts"]

_ANSWERS = {"full": Text("full answer", "完整的回應"), "default": Text("default", "預設值"), "stale": Text("stale", "舊資料"),
            "queued": Text("queued", "排入佇列"), "alternative": Text("alternative", "替代服務")}


class Charts:
    """What ``lab.chart`` is. A chart shows what was measured; ``theory`` and the reader's ``guess`` are drawn beside it."""

    def __init__(self, fleet: Fleet) -> None:
        self._fleet = fleet

    def picture(self) -> Topology:
        """What is running now and who calls whom, with the faults that are on."""
        nodes = [snapshot.Node(USERS, "client"), *map(_node, self._fleet.services.values())]
        faults = {fault.target.name: fault.fault.label for fault in self._fleet.faults if fault.active}
        links = [snapshot.Link(link.caller, link.callee, faults.get(link.name), "slow" if link.name in faults else "healthy")
                 for link in self._fleet.links.values() if self._leads(link.caller, link.callee)]
        return topology(snapshot.Snapshot(tuple(nodes), tuple(links)))

    def answers(self, run: Run) -> Chart:
        """What became of the requests of each stream, second by second."""
        return answers_over_time(run)

    def latency(self, run: Run) -> Chart:
        """How long the answers took: p50, p99 and the largest, second by second."""
        return latency_over_time(run)

    def threads(self, run: Run, services: Sequence[str] = (), *, theory: Mapping[str, float] | None = None,
                guess: Prediction | None = None) -> Chart:
        """The busy threads of each service. ``theory`` says how many seconds after the first fault a pool is full.

        The reader's ``guess`` is drawn for the last service that ``theory`` names.
        """
        pools = {name: pool for name in services or _watched(run) if (pool := _pool(run, name))}
        begin = min((fault.begin for fault in run.faults), default=0.0)
        full = {name: begin + seconds for name, seconds in (theory or {}).items()}
        guesses = {list(full)[-1]: begin + guess.value} if full and guess and guess.value is not None else {}
        return busy_threads(run, pools, theory=full, guess=guesses)

    def replay(self, run: Run, title: Text | None = None) -> Live:
        """The run once more, moment by moment, with a timeline to move along."""
        return replay(run, title)

    def against_theory(self, measured: Mapping[str, float], theory: float | Mapping[str, float], unit: str = "",
                       guess: Prediction | None = None) -> Chart:
        """Each measured figure beside what theory says, which is one figure for all or one for each name."""
        wanted = theory if isinstance(theory, Mapping) else dict.fromkeys(measured, theory)
        value = guess.value if guess else None
        return against_theory(Pair(Text(name, name), figure, wanted[name], value, unit) for name, figure in measured.items())

    def kinds(self, runs: Mapping[str, View]) -> Table:
        """What users got in each run, as shares of all requests, by the answers' ``X-Answer`` header."""
        shares = {name: {kind: run.share(kind) for kind in _ANSWERS} for name, run in runs.items()}
        seen = [kind for kind in _ANSWERS if any(share[kind] > 0 for share in shares.values())]
        rows: list[list[Cell]] = [[name, *(share[kind] for kind in seen), 1 - runs[name].answered]
                                  for name, share in shares.items()]
        return Table([Text("fallback", "後備方案"), *(_ANSWERS[kind] for kind in seen), Text("nothing", "什麼都沒有")], rows)

    def remedies(self, runs: Mapping[str, Run], window: tuple[float, float]) -> Table:
        """One row a run: what was answered within ``window``, the busy threads, and the calls that each order made."""
        columns = [Text("remedy", "做法"), Text("home pages answered", "首頁得到回應"), Text("orders answered", "訂單得到回應"),
                   Text("busy threads, storefront", "忙碌線程：storefront"), Text("busy threads, orders", "忙碌線程：orders"),
                   Text("calls per order", "每筆訂單的調用次數")]
        return Table(columns, [[name, *_remedy(run, window)] for name, run in runs.items()])

    def caches(self, runs: Mapping[str, View], service: str) -> Table:
        """What the caches of ``service`` did in each run: how often they hit, and how long each way to a page took."""
        columns = [Text("copies", "副本"), Text("hit ratio", "命中率"), Text("mean look-up", "平均查詢時間"),
                   Text("hit in its own memory", "自己記憶體命中"), Text("hit in the shared cache", "共用緩存命中"),
                   Text("call of the database", "調用數據庫"), Text("calls of the database", "調用數據庫的次數")]
        return Table(columns, [[name, *_cache_use(run.cache(service))] for name, run in runs.items()])

    def layers(self, runs: Mapping[str, View], service: str) -> Table:
        """For each run what nginx answered, what ``service`` found in each of its caches, and what is left for the database."""
        columns = [Text("layers", "層"), Text("nginx hits", "nginx 命中"), Text("own memory hits", "自己記憶體命中"),
                   Text("shared cache hits", "共用緩存命中"), Text("reaches the database", "到達數據庫")]
        return Table(columns, [[name, run.share("HIT"), *_layers(run.cache(service))] for name, run in runs.items()])

    def stale(self, shares: Mapping[str, float]) -> Table:
        """The share of the answers that were stale, for each way of keeping copies."""
        return Table([Text("copies", "副本"), Text("stale answers", "舊的回應")], list(shares.items()))

    def table(self, columns: Sequence[Text | str], rows: Sequence[Sequence[Cell]]) -> Table:
        """A table of your own."""
        return Table(columns, rows)

    def source(self, path: str) -> Source:
        """A file of the book, whole."""
        return source(path)

    def _leads(self, caller: str, callee: str) -> bool:
        """Whether to draw a link: users are drawn where they come in, at the services that nobody else calls."""
        called = {link.callee for link in self._fleet.links.values() if link.caller != USERS}
        return caller != USERS or callee not in called


def _node(service: Service) -> snapshot.Node:
    stats = service.stats().values()
    busy = [one.busy for one in stats if one.busy is not None]
    paused = any(instance.paused for instance in service.instances)
    if paused:
        note: Text | None = Text("paused", "已暫停")
    else:
        note = None if service.running else Text("not running", "沒有執行")
    kind: Literal["system", "service"] = "system" if service.system else "service"
    return snapshot.Node(service.name, kind, len(service.instances), threads=sum(one.threads or 0 for one in stats),
                         busy=float(sum(busy)) if busy else None, note=note,
                         state="waiting" if paused else "healthy" if service.running else "failed")


def _watched(run: Run) -> list[str]:
    """The services of a run, callers first: they are started last."""
    names = dict.fromkeys(name.rpartition("-")[0] for name in run.recording.watch)
    return list(names)[::-1]


def _pool(run: Run, service: str) -> int:
    if not instances_of(run.recording.watch, service):
        return 0
    peak = run.peak(service, "pool_threads_total")
    return 0 if np.isnan(peak) else int(peak)


def _cache_use(use: CacheUse) -> list[Cell]:
    return [use.hit_ratio, use.time, use.embedded_time, use.shared_time, use.database_time, use.queries]


def _layers(use: CacheUse) -> list[Cell]:
    return [use.embedded_ratio, use.shared_ratio, use.reach]


def _remedy(run: Run, window: tuple[float, float]) -> list[Cell]:
    view = run.between(*window)
    orders = view["POST /orders"]
    return [view["GET /"].answered, orders.answered, view.peak("storefront", "pool_threads_busy"),
            view.peak("orders", "pool_threads_busy"), view.rise("orders", "calls_total", *window) / orders.sent]
