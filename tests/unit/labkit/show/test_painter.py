"""What a run is drawn with."""

from __future__ import annotations

from labkit.measure.run import Run
from labkit.show.painter import painter
from tests.unit.labkit.show.drawings import labels, svgs
from tests.unit.labkit.show.runs import avalanche, mended


def test_a_run_draws_itself_with_it() -> None:
    shown = Run(avalanche().recording, painter=painter).chart()
    assert len(svgs(shown)) == 2
    assert {"GET /, requests per second", "latency, seconds"} <= set(labels(shown))


def test_two_runs_are_compared_with_it() -> None:
    shown = Run(avalanche().recording, painter=painter).compare(mended())
    assert {"before", "after"} <= set(labels(shown))
    assert "<table" in shown.html("en")
