from __future__ import annotations

import math

import numpy as np
import pytest

from labkit.measure.series import increase
from tests.unit.labkit.measure.requests import every, run

AT = [0.0, 1.0, 2.0, 3.0, 4.0]


def watched(**metrics):
    """Two instances of orders, one of a service with a longer name, and each metric with its values."""
    return run({"/": every(0.5)}, watch={
        "orders-1": {"at": AT, **{name: values[0] for name, values in metrics.items()}},
        "orders-2": {"at": AT, **{name: values[1] for name, values in metrics.items()}},
        "orders-db-1": {"at": AT, **{name: [1000.0] * 5 for name in metrics}}})


BUSY = watched(pool_threads_busy=([1.0, 4.0, 8.0, 8.0, None], [2.0, 2.0, None, 8.0, None]))


def test_a_service_is_the_sum_of_its_instances_and_an_instance_is_itself():
    at, values = BUSY.watch("orders", "pool_threads_busy")
    assert at.tolist() == AT
    assert values.tolist()[:4] == [3, 6, 8, 16]
    assert math.isnan(values[4])
    assert BUSY.watch("orders-2", "pool_threads_busy")[1].tolist()[:2] == [2, 2]
    assert BUSY.busy("orders")[1].tolist()[:4] == [3, 6, 8, 16]


def test_the_peak_and_the_first_time():
    assert BUSY.peak("orders", "pool_threads_busy") == 16
    assert BUSY.between(0, 2).peak("orders", "pool_threads_busy") == 6
    assert BUSY.first_time("orders", "pool_threads_busy", 8) == 2.0
    assert math.isnan(BUSY.first_time("orders", "pool_threads_busy", 99))
    assert math.isnan(BUSY.between(4, 5).peak("orders", "pool_threads_busy"))


def test_their_labels_say_of_whom_and_when():
    peak = BUSY.between(0, 2).peak("orders", "pool_threads_busy")
    assert peak.label.en == "orders: most busy threads, 0 to 2 s"
    assert peak.label.zh == "orders 最多的忙碌的線程，第 0 至 2 秒"
    first = BUSY.first_time("orders", "pool_threads_busy", 8)
    assert (first.label.en, first.unit) == ("orders: time until 8 busy threads", "s")
    assert BUSY.peak("orders", "pool_threads_busy").unit == ""


def test_a_name_that_was_not_watched_is_answered_with_the_nearest():
    with pytest.raises(LookupError, match=r"'order' was watched.*Did you mean 'orders-.'"):
        BUSY.watch("order", "pool_threads_busy")
    with pytest.raises(LookupError, match=r"'pool_thread_busy' was not watched.*Did you mean 'pool_threads_busy'"):
        BUSY.peak("orders", "pool_thread_busy")


def test_the_rise_of_a_counter_is_added_up_over_instances_whenever_they_were_started_anew():
    calls = watched(calls_total=([0.0, 10.0, 20.0, 3.0, 5.0], [5.0, 5.0, None, 6.0, 7.0]))
    assert calls.rise("orders", "calls_total") == (10 + 10 + 3 + 2) + (1 + 1)
    assert calls.rise("orders", "calls_total", 1, 3) == (10 + 3) + 1
    assert calls.between(1, 3).rise("orders", "calls_total") == (10 + 3) + 1
    assert calls.rise("orders", "calls_total", 1, 3).label.en == "orders: calls to others, 1 to 3 s"


def test_a_counter_rises_from_its_last_value_before_the_window():
    at, values = np.array(AT), np.array([0.0, 10.0, 20.0, 30.0, 40.0])
    assert increase(at, values, 1.5, 3.5) == 20
    assert increase(at, values, 0.0, 4.0) == 40
    assert math.isnan(increase(at, np.full(5, np.nan), 0.0, 4.0))


def test_a_whole_run_counts_a_first_look_that_came_a_little_late():
    assert increase(np.array([0.03, 1.0]), np.array([5.0, 9.0]), 0.0, 2.0) == 4
