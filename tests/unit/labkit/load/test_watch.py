from __future__ import annotations

from labkit.load.watch import pattern, sums

METRICS = b"""\
# HELP requests_total Requests.
# TYPE requests_total counter
requests_total{route="/a",status="200"} 3.0
requests_total{route="/b}{",status="503"} 4 1700000000
requests_total_created 9
pool_threads_busy 24.0
  pool_threads_busy 99
breaker_state{callee="stock"} 1e+00
pool_tasks_waiting NaN
pool_threads_total much
"""


def test_a_metric_is_added_up_over_its_labels_and_nothing_else_is_taken_for_it():
    found = sums(pattern(["requests_total", "pool_threads_busy", "breaker_state", "absent",
                          "pool_tasks_waiting", "pool_threads_total"]), METRICS)
    assert found == {"requests_total": 7.0, "pool_threads_busy": 24.0, "breaker_state": 1.0}


def test_no_metrics_asked_for_is_no_metrics_found():
    assert sums(pattern([]), METRICS) == {}
