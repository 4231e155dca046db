from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.measure.outcome import REFUSED, TIMED_OUT, TOO_LATE
from labkit.measure.timeline import timeline
from tests.unit.labkit.measure.requests import every, samples


def test_a_request_counts_in_the_bucket_of_its_intended_send():
    line = timeline(samples([0.0, 0.09, 0.1, 0.29], latency=[5.0, 5.0, 0.1, 0.1], late=[1.0, 0, 0, 0]), 0.0, 0.3, 0.1)
    assert line.start.tolist() == pytest.approx([0.0, 0.1, 0.2])
    assert line.sent.tolist() == [2, 1, 1]


def test_outcomes_add_up_to_what_was_sent():
    line = timeline(samples([0.1, 0.2, 0.3, 0.4, 1.5], [200, 503, TIMED_OUT, REFUSED, TOO_LATE]), 0.0, 2.0, 1.0)
    assert (line.sent.tolist(), line.ok.tolist(), line.errors.tolist(), line.timeouts.tolist()) == (
        [4, 0], [1, 0], [2, 0], [1, 0])


def test_percentiles_are_those_of_the_bucket_alone():
    values = np.arange(1, 101) / 1000
    line = timeline(samples([*np.full(100, 0.5), 1.5], latency=[*values, 7.0]), 0.0, 3.0, 1.0)
    assert line.p50.tolist()[:2] == pytest.approx([0.050, 7.0])
    assert line.p99.tolist()[:2] == pytest.approx([0.099, 7.0])
    assert line.largest.tolist()[:2] == pytest.approx([0.100, 7.0])
    assert all(math.isnan(each[2]) for each in (line.p50, line.p99, line.largest))


def test_a_last_bucket_may_be_cut_short_and_a_window_may_begin_anywhere():
    line = timeline(every(0.1, 10.0), 2.0, 3.25, 0.5)
    assert line.start.tolist() == [2.0, 2.5, 3.0]
    assert line.sent.tolist() == [5, 5, 2]


@given(st.integers(1, 60), st.sampled_from([0.05, 0.1, 0.2, 0.25, 0.3, 1.0]))
def test_a_width_that_is_no_binary_fraction_makes_no_bucket_too_many(buckets, width):
    line = timeline(every(width, buckets * width), 0.0, buckets * width, width)
    assert line.sent.tolist() == [1.0] * buckets


@pytest.mark.parametrize("width", [0, -1, math.nan])
def test_a_width_of_nothing_is_refused(width):
    with pytest.raises(ValueError, match="width above 0"):
        timeline(samples([0.0]), 0.0, 1.0, width)
