"""What it costs to record a run: the answers of a closed loop while the services are watched, beside those while they are not.

What each request became is written down by the load's own process in any case. What a recording adds is that every
service is asked for its metrics ten times a second, and that takes of the very processors that answer users.
"""

from __future__ import annotations

import statistics
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from labkit import Lab
from labkit.handles.experiment import METRICS
from labkit.load.drive import drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.run import Run
from labkit.substrates.process import ProcessSubstrate
from tests.bench.line import Line

__all__ = ["lines"]

USERS, SECONDS, PAIRS = 16, 0.5, 41


def lines() -> Iterator[Line]:
    """Both sides in turn, each first as often as second; the median of the pairs' ratios: one odd second decides nothing."""
    substrate = ProcessSubstrate(["labkit.load.engine"])
    try:
        with Lab() as lab:
            bench = _Bench(lab, substrate)
            bench.throughput({})  # the first one warms them up
            ratio = statistics.median(bench.ratio(recorded_first=bool(pair % 2)) for pair in range(PAIRS))
        yield Line("recording", "answers a second of a closed loop, recorded ÷ not recorded", ratio, 0.95, True)
    finally:
        substrate.close()


class _Bench:
    def __init__(self, lab: Lab, substrate: ProcessSubstrate) -> None:
        stock = lab.service("stock")
        orders = lab.service("orders", calls=stock)
        storefront = lab.service("storefront", calls=orders)
        self._substrate, self._url = substrate, f"{storefront.url}/"
        self._watch = {instance.name: f"{instance.url}/metrics" for service in (storefront, orders, stock)
                       for instance in service.instances}

    def ratio(self, recorded_first: bool) -> float:
        """The throughput recorded ÷ not recorded, measured one right after the other."""
        found = {bool(watch): self.throughput(watch) for watch in ((self._watch, {}) if recorded_first else ({}, self._watch))}
        return found[True] / found[False]

    def throughput(self, watch: Mapping[str, str]) -> float:
        """Answers a second to users who each ask for the home page again as soon as they have it."""
        stream = Stream("GET /", self._url, arrivals="closed", users=USERS, timeout=5.0)
        result = drive(LoadPlan([stream], SECONDS, watch=watch, metrics=METRICS), self._launch)
        run = Run(result, timeout={stream.name: stream.timeout}, rates={})
        return float(run[stream.name].goodput)

    def _launch(self, target: str, keywords: dict[str, Any], fds: Sequence[int]) -> Any:
        return self._substrate.launch(target, keywords, fds, name="load")
