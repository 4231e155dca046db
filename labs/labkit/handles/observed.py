"""What can be seen of one running copy of a service: its answers, its log, its metrics, what it uses."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from labkit.faults.injection import Injection
from labkit.handles.target import Target
from labkit.handles.web import request
from labkit.language import Text
from labkit.substrates.substrate import Process, Served

__all__ = ["Observed", "Stats", "lines_of"]


@dataclass(frozen=True)
class Stats:
    """What an instance uses: processor ``cpu`` seconds in all, ``memory`` bytes, and its thread pool."""

    cpu: float
    memory: int
    busy: int | None
    threads: int | None
    waiting: int | None


class Observed(Target):
    """Something that a substrate has started, or will."""

    def __init__(self, remember: Callable[[Injection], None]) -> None:
        super().__init__(remember)
        self._process: Served | None = None
        self._earlier: list[Served] = []

    @property
    def url(self) -> str:
        """Its own address, past every link."""
        raise NotImplementedError

    @property
    def observed(self) -> bool:
        """Whether it serves ``/metrics``, as every service of the book's own does."""
        raise NotImplementedError

    def get(self, path: str = "/", timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One GET to this very instance."""
        self.require_open()
        return request("GET", self.url + path, timeout, **options)

    def post(self, path: str, timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One POST to this very instance."""
        self.require_open()
        return request("POST", self.url + path, timeout, **options)

    def log_lines(self) -> list[str]:
        """All lines it has written since it was last started."""
        return [] if self._process is None else lines_of(self._process)

    def events(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """The JSON log lines of all its starts as dictionaries; those whose ``"event"`` is among ``kinds``, if given."""
        lines = (line for process in (*self._earlier, self._process) if process for line in lines_of(process))
        for line in lines:
            if kinds and not any(kind in line for kind in kinds):
                continue  # a log is long, and reading JSON slow
            with contextlib.suppress(ValueError):  # not JSON, or cut off where a kill came in between
                entry = json.loads(line)
                if isinstance(entry, dict) and (not kinds or entry.get("event") in kinds):
                    yield entry

    def metrics(self, timeout: float = 1.0) -> dict[str, float]:
        """Its metrics by name, added up over their labels; empty when it does not answer or has none."""
        if not self.observed:
            return {}
        try:
            text = self.get("/metrics", timeout=timeout).raise_for_status().text
        except httpx.HTTPError:
            return {}
        totals: dict[str, float] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                totals[sample.name] = totals.get(sample.name, 0.0) + sample.value
        return totals

    def memory(self) -> int:
        """Its memory in bytes, its share of what it shares with others."""
        return self._started().usage().memory

    def stats(self) -> Stats:
        """Processor time, memory and threads; the threads are None while it does not answer."""
        usage, metrics = self._started().usage(), self.metrics()
        busy, threads, waiting = (int(metrics[name]) if name in metrics else None for name in
                                  ("pool_threads_busy", "pool_threads_total", "pool_tasks_waiting"))
        return Stats(usage.cpu, usage.memory, busy, threads, waiting)

    @property
    def process(self) -> Served | None:
        """What runs for it now, or ran last."""
        return self._process

    def _started(self) -> Served:
        self.require_open()
        if self._process is None:
            raise RuntimeError(str(Text("{name} was never started.", "{name} 從未啟動。").format(name=self.name)))
        return self._process


def lines_of(process: Process) -> list[str]:
    """The lines of its log; one that has no end yet is still being written and left out."""
    return process.log().split("\n")[:-1]
