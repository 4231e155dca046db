"""A run of a real shop, recorded as a lab records it, and what it holds at any second: read here by itself, not by the figure.

The run takes four seconds. Stock answers late for a while, so that pools fill and the breaker in front of it opens.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from labkit import Lab
from labkit.language import Language, Text
from labkit.measure.run import Run

__all__ = ["Recorded", "measured"]

SECONDS = 4
_PICTURE = Text("{name}: {busy} of {size} threads busy, {waiting} waiting.",
                "{name}：{size} 個線程中 {busy} 個忙碌，{waiting} 個在等。")
_ANSWERED = Text("{name}: {share} answered.", "{name}：{share} 得到回應。")
_BEGINS, _ENDS = Text("{on}: {label}.", "{on}：{label}。"), Text("{on}: the fault is over.", "{on}：故障結束。")
_FULL = Text("{name} is full: all its {size} threads are busy.", "{name} 全滿：{size} 個線程都在忙。")
_STATES = {"open": Text("The breaker opens: {a} asks {b} no more, and fails at once instead of waiting.",
                        "熔斷器開啟：{a} 不再問 {b}，立刻失敗而不等待。"),
           "half-open": Text("The breaker is half-open: one call goes through, to see.", "熔斷器半開：放一次調用過去看看。"),
           "closed": Text("The breaker closes: {b} has answered.", "熔斷器關閉：{b} 回應了。")}


def measured() -> Run:
    """Users order and look at the home page; from second 1 to 2.5 stock's answers are late."""
    with Lab() as lab:
        stock = lab.service("stock", threads=4, work=0.02)
        orders = lab.service("orders", calls=stock, threads=4, timeout=0.3, breaker=True)
        storefront = lab.service("storefront", calls=orders, threads=8, timeout=0.5)
        late = lab.link(orders, stock).latency(3, at=1, until=2.5)
        return lab.load(storefront, {"POST /orders": 24, "GET /": 24}, seconds=SECONDS, faults=late)


@dataclass(frozen=True)
class Recorded:
    """A recording as plain data, version 1, and what a reader should be told of it."""

    data: dict[str, Any]

    def picture(self, second: float, language: Language) -> str:
        """How busy each service is, and whom of the last second's users it answered."""
        services = [self._service(each, second, language) for each in self.data["services"]]
        return " ".join([*services, *(self._lane(each["stream"], second, language) for each in self.data["loads"])])

    def said(self, second: float, language: Language) -> str | None:
        """What happened last until then; None before anything has."""
        until = [said for at, said in self.events if at <= second]
        return until[-1].to(language) if until else None

    @property
    def events(self) -> list[tuple[float, Text]]:
        """All that there is to say, and when."""
        found = [(each[edge], text.format(on=each["on"], label=Text(each["label"]["en"], each["label"]["zh-Hant"])))
                 for each in self.data["faults"] for edge, text in (("begin", _BEGINS), ("end", _ENDS)) if each[edge] is not None]
        found += [(each["at"], _STATES[each["state"]].format(a=each["service"], b=each["breaker"])) for each in self.data["states"]]
        for each in self.data["services"]:
            full = [step for step, busy in enumerate(self.data["series"][each["name"]]["busy"]) if (busy or 0) >= each["threads"]]
            found += [(full[0] * self.data["step"], _FULL.format(name=each["name"], size=each["threads"]))] if full else []
        return sorted(found, key=lambda event: event[0])

    def _service(self, service: dict[str, Any], second: float, language: Language) -> str:
        series = self.data["series"][service["name"]]
        step = min(int(second / self.data["step"] + 1e-9), len(series["busy"]) - 1)
        busy, waiting = ("?" if (value := series[kind][step]) is None else value for kind in ("busy", "waiting"))
        return _PICTURE.format(name=service["name"], size=service["threads"], busy=busy, waiting=waiting).to(language)

    def _lane(self, stream: str, second: float, language: Language) -> str:
        calls = self.data["calls"][stream]
        ends = [at / 1000 + ms / 1000 for at, ms in zip(accumulate(calls["at"]), calls["ms"], strict=True)]
        fates = [letter for end, letter in zip(ends, calls["outcome"], strict=True) if second - 1 < end <= second]
        answered = sum(letter in "odsqa" for letter in fates)
        share = f"{math.floor(100 * answered / len(fates) + 0.5)}\u202f%" if fates else "–"
        return _ANSWERED.format(name=stream, share=share).to(language)
