"""What a run says of a service's caches, from counters that rose within it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from labkit.handles.charts import _cache_use, _layers
from labkit.measure.cache_use import CACHE_METRICS
from labkit.measure.run import Run
from tests.unit.labkit.measure.requests import every, run

AT = [0.0, 4.0, 8.0]


def counters(**rises: tuple[float, float]) -> dict[str, Any]:
    """Counters that stand at 100 and rise by so much in each half of the run."""
    steady = dict.fromkeys(CACHE_METRICS, (0.0, 0.0))
    return {"at": AT, **{name: [100.0, 100 + first, 100 + first + second] for name, (first, second) in {**steady, **rises}.items()}}


@pytest.fixture
def measured() -> Run:
    """80 requests in each half; the second half is warm."""
    first = counters(lookup_seconds_count=(40, 40), lookup_seconds_sum=(4, 1), embedded_hit_seconds_count=(0, 20),
                     embedded_hit_seconds_sum=(0, 0.002), shared_hit_seconds_count=(10, 10), shared_hit_seconds_sum=(0.1, 0.01),
                     database_seconds_count=(30, 10), database_seconds_sum=(3, 0.5))
    return run({"GET /": every(0.05)}, watch={"catalogue-1": first, "catalogue-2": first})


def test_ratios_and_times_are_of_all_instances_within_the_window(measured: Run) -> None:
    use = measured.between(4, 8).cache("catalogue")
    assert (use.lookups, use.queries) == (80, 20)
    assert (use.hit_ratio, use.embedded_ratio, use.shared_ratio, use.reach) == (0.75, 0.5, 0.5, 0.25)
    assert [float(each) for each in (use.time, use.embedded_time, use.shared_time, use.database_time)] == pytest.approx(
        [0.025, 0.0001, 0.001, 0.05])


def test_figures_have_their_units_and_a_name(measured: Run) -> None:
    use = measured.between(4, 8).cache("catalogue")
    assert [each.unit for each in (use.hit_ratio, use.time, use.reach, use.lookups)] == ["share", "s", "share", ""]
    assert use.hit_ratio.describe().en == "hit ratio 75 %"
    assert use.database_time.describe().zh == "調用一次數據庫的平均時間 50 毫秒"


def test_what_never_happened_has_no_time(measured: Run) -> None:
    assert math.isnan(measured.between(0, 4).cache("catalogue").embedded_time)
    assert math.isnan(measured.cache("catalogue").query_time)


def test_a_figure_is_read_again_from_a_repeated_run() -> None:
    def watch(hits: float) -> dict[str, Any]:
        return {"catalogue-1": counters(lookup_seconds_count=(50, 50), embedded_hit_seconds_count=(hits, hits))}

    again = run({"GET /": every(0.05)}, watch=watch(40)).recording
    one = run({"GET /": every(0.05)}, watch=watch(10), again=lambda: _result(again))
    ratio = one.cache("catalogue").hit_ratio
    assert (ratio, one.again().cache("catalogue").hit_ratio, ratio.again(), ratio) == (0.2, 0.8, 0.8, 0.2)


def _result(recording: Any) -> dict[str, Any]:
    return {"t0": 0.0, "wall": "", "seconds": recording.seconds, "tags": [],
            "streams": {name: each.encode() for name, each in recording.streams.items()},
            "watch": {name: {metric: list(values) for metric, values in series.items()}
                      for name, series in recording.watch.items()}}


def test_stale_answers_are_counted_among_the_good_ones(measured: Run) -> None:
    reads = every(1.0, tag=[0, 0, 0, 0, 1, 1, 0, 1], status=[200] * 7 + [503])  # sent at 0.5, 1.5 ...
    writes = every(4.0, tag=[-1, 1], status=[503, 200])  # at 2, and at 6: acknowledged at 6.02
    both = run({"GET /items/1": reads, "POST /items/1/price": writes}, tags=["1", "2"])
    assert both.stale("GET /items/1", "POST /items/1/price") == pytest.approx(1 / 7)
    assert both.between(0, 5).stale("GET /items/1", "POST /items/1/price") == 0


def test_the_tables_show_these_figures(measured: Run) -> None:
    use = measured.between(4, 8).cache("catalogue")
    assert _cache_use(use)[0] == 0.75
    assert _layers(use) == [0.5, 0.5, 0.25]
