"""One of everything that a lab can show, for the checks that hold for all of it."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from labkit.doctor.card import ExaminationCard
from labkit.language import Text
from labkit.measure.recording import Mark
from labkit.show.against_theory import Pair, against_theory
from labkit.show.answers import answers_over_time
from labkit.show.busy import busy_threads
from labkit.show.compare import compare
from labkit.show.latency import latency_over_time
from labkit.show.note import note
from labkit.show.percentiles import percentiles
from labkit.show.predict import predict
from labkit.show.progress import Bar
from labkit.show.report import report_card
from labkit.show.shown import Shown
from labkit.show.snapshot import Link, Node, Snapshot
from labkit.show.source import source
from labkit.show.table import table
from labkit.show.topology import topology
from labkit.show.verdict import verdict_card
from tests.unit.labkit.doctor.machines import ill, well
from tests.unit.labkit.show.runs import avalanche, mended, run, silent, stream

STATEMENT = Text("A calls B calls C: C hangs, B's threads fill, then A's, then nobody answers.",
                 "A 調用 B，B 調用 C：C 卡住，B 的線程占滿，接著是 A 的，最後誰都得不到回應。")
FINDING = Text("Nobody is answered 0.4 s after stock hangs", "stock 卡住 0.4 秒後，誰都得不到回應")


def row(**changes: Any) -> SimpleNamespace:
    """A condition of a claim, as labkit.check makes them."""
    usual = {"label": Text("home answered", "首頁得到回應"), "shown": Text("12 %", "12 %"), "relation": "≤",
             "limit_shown": Text("20 %", "20 %"), "ok": True}
    return SimpleNamespace(**(usual | changes))


def verdict(outcome: str = "holds", **changes: Any) -> SimpleNamespace:
    """A verdict, as labkit.check makes them."""
    usual = {"id": "avalanche.vertical", "statement": STATEMENT, "outcome": outcome, "rows": (row(),), "reason": None,
             "date": "2025-11-23", "machine": "2 cores, 8 GiB, Debian GNU/Linux 12, Python 3.11", "tries": 1}
    return SimpleNamespace(**(usual | changes))


def report(passed: bool = False, **changes: Any) -> SimpleNamespace:
    """A report on an exercise, as labkit.check makes them."""
    broken = {"broke": Text("It admitted 6 of 6; a bucket of 5 admits 5.", "6 個都放行了；容量 5 的桶只能放行 5 個。"),
              "example": Text("bucket.take(now=0.0)  # six times", "bucket.take(now=0.0)  # 六次"),
              "hint": Text("When are tokens added?", "什麼時候加令牌？")}
    usual = {"statement": Text("A token bucket", "令牌桶"), "passed": passed, "tried": 200,
             **(dict.fromkeys(broken) if passed else broken)}
    return SimpleNamespace(**(usual | changes))


def two_faults() -> Shown:
    """Two faults at once: their labels take a row each."""
    slow = Mark(Text("stock: latency 3 s", "stock：延遲 3 秒"), 2, 8)
    killed = Mark(Text("orders: killed", "orders：已終止"), 3, None)
    return latency_over_time(run({"GET /": stream(20, (3, 6))}, faults=(slow, killed)))


def chain() -> Snapshot:
    """users to storefront to orders to stock, which hangs."""
    return Snapshot((Node("users", "client"), Node("storefront", threads=48, busy=48, state="waiting"),
                     Node("orders", threads=24, busy=24, state="waiting", instances=2),
                     Node("stock", threads=24, busy=3)),
                    (Link("users", "storefront"), Link("storefront", "orders"),
                     Link("orders", "stock", Text("latency 3 s", "延遲 3 秒"), "slow")))


def wide() -> Snapshot:
    """A service that calls three, one of them killed, and a system that one cannot reach."""
    return Snapshot((Node("users", "client"), Node("storefront", threads=8, busy=2), Node("orders", threads=8, busy=3),
                     Node("catalog", threads=8, busy=0), Node("redis", "system"),
                     Node("payment", threads=8, state="failed", note=Text("killed", "已終止"))),
                    (Link("users", "storefront"), Link("storefront", "orders"), Link("storefront", "catalog"),
                     Link("orders", "payment"), Link("orders", "redis", Text("cut", "切斷"), "cut"),
                     Link("storefront", "redis")))


def _threads() -> Shown:
    return busy_threads(avalanche(), {"orders": 24, "storefront": 48}, theory={"orders": 2.5, "storefront": 3.0},
                        guess={"orders": 4.0, "storefront": None})


def _theory() -> Shown:
    return against_theory([Pair(Text("orders full after", "orders 占滿所需時間"), 0.48, 0.5, 1.1, "s"),
                           Pair(Text("storefront full after", "storefront 占滿所需時間"), 0.97, 1.0, None, "s")])


def _ratios() -> Shown:
    return against_theory([Pair(Text("full after", "占滿所需時間"), 0.48, 0.5, unit="s"),
                           Pair(Text("capacity", "容量"), 38.0, 40.0, unit="/s")])


CHARTS: dict[str, Callable[[], Shown]] = {
    "latency": lambda: latency_over_time(avalanche(), finding=FINDING),
    "latency of a stream": lambda: latency_over_time(mended(), "GET /"),
    "latency, logarithmic": lambda: latency_over_time(avalanche(), "POST /orders", log=True),
    "latency of a window": lambda: latency_over_time(avalanche().between(3, 6)),
    "latency under two faults": two_faults,
    "answers": lambda: answers_over_time(avalanche()),
    "answers, mended": lambda: answers_over_time(mended()),
    "answers of one stream": lambda: answers_over_time(silent()),
    "threads": _threads,
    "threads, silent": lambda: busy_threads(silent(), {"orders": 8}),
    "percentiles": lambda: percentiles(avalanche()),
    "percentiles, mended": lambda: percentiles(mended()),
    "compare": lambda: compare(avalanche(), mended()),
    "theory": _theory,
    "theory in two units": _ratios,
}
PICTURES: dict[str, Callable[[], Shown]] = {"chain": lambda: topology(chain()), "wide": lambda: topology(wide())}
WORDS: dict[str, Callable[[], Shown]] = {
    "note": lambda: note(Text("Local processes, since no Docker answers.", "在本機進程上執行，因為沒有 Docker 回應。")),
    "table": lambda: table([Text("figure", "數字"), "before"], [[Text("p50", "p50"), 0.02], ["share", None]], FINDING),
    "holds": lambda: verdict_card(verdict()),
    "fails": lambda: verdict_card(verdict("fails", rows=(row(), row(ok=False)), tries=2)),
    "too busy": lambda: verdict_card(verdict("too busy", reason=Text("the pings were slow", "ping 太慢"), rows=())),
    "passed": lambda: report_card(report(True)),
    "not passed": lambda: report_card(report()),
    "progress": lambda: Bar(0.4, Text("4 s left", "還有 4 秒")),
    "prediction": lambda: predict(Text("How long?", "要多久？"), 0, 5, "s"),
    "well": lambda: ExaminationCard(well()),
    "ill": lambda: ExaminationCard(ill()),
    "source": lambda: source("mini_services/patterns/breaker.py"),
}
EVERYTHING = CHARTS | PICTURES | WORDS
