from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.load.record import Record, Tags
from labkit.measure.outcome import BAD_ANSWER, NO_CONNECTION, REFUSED, RESET, TIMED_OUT, TOO_LATE
from labkit.measure.samples import Samples, nearest_rank, percentile
from tests.unit.labkit.measure.requests import samples

OUTCOMES = [200, 204, 302, 399, 400, 404, 503, TIMED_OUT, REFUSED, RESET, BAD_ANSWER, TOO_LATE, NO_CONNECTION]


def test_what_the_engine_writes_is_what_is_read():
    tags = Tags()
    record = Record(tags)
    answered, lost = record.begin(0.25, 0.001), record.begin(1.75, 0.0)
    record.answer(answered, 503, 0.5, b"default")
    record.end(lost, TIMED_OUT, 2.25)
    read = Samples.decode(record.encoded())
    assert read.at.tolist() == [0.25, 1.75]
    assert read.latency.tolist() == [0.25, 0.5]
    assert read.late.tolist() == pytest.approx([0.001, 0.0])
    assert (read.status.tolist(), read.tag.tolist(), tags.values) == ([503, 0], [0, -1], ["default"])


def test_encoding_and_decoding_come_back_to_the_same():
    one = samples([0.1, 2.0], [200, -2], [0.5, 0.25], 0.125, [3, -1])
    assert Samples.decode(one.encode()).encode() == one.encode()


def test_every_request_that_was_sent_has_exactly_one_outcome():
    one = samples(range(len(OUTCOMES)), OUTCOMES)
    assert (one.ok.astype(int) + one.error + one.timed_out == one.sent).all()
    assert one.status[one.ok].tolist() == [200, 204, 302, 399]
    assert one.status[one.error].tolist() == [400, 404, 503, REFUSED, RESET, BAD_ANSWER]
    assert one.status[~one.sent].tolist() == [TOO_LATE, NO_CONNECTION]


def test_a_window_takes_its_first_moment_and_leaves_its_last():
    assert samples([0.9, 1.0, 1.5, 2.0]).between(1.0, 2.0).at.tolist() == [1.0, 1.5]


def test_streams_together_are_in_the_order_of_their_sends():
    both = Samples.together([samples([0.0, 2.0], 200), samples([1.0, 3.0], 503)])
    assert (both.at.tolist(), both.status.tolist()) == ([0, 1, 2, 3], [200, 503, 200, 503])
    assert len(Samples.together([])) == 0


@given(st.lists(st.floats(1e-6, 30.0), min_size=1, max_size=60), st.floats(0, 100))
def test_a_percentile_of_the_histogram_is_that_of_the_sorted_list_within_its_three_digits(values, q):
    exact = sorted(values)[max(0, math.ceil(q / 100 * len(values) - 1e-9) - 1)]
    assert percentile(np.array(values), q) == pytest.approx(exact, rel=2e-3, abs=2e-6)


def test_no_percentile_is_above_the_largest():
    assert percentile(np.full(100, 0.5), 99) == 0.5


def test_a_percentile_of_nothing_is_not_a_number():
    assert math.isnan(percentile(np.array([]), 50))
    assert math.isnan(nearest_rank(np.array([]), 50))


def test_the_nearest_rank_is_one_of_the_values():
    values = np.array([1.0, 2.0, 10.0])
    assert [nearest_rank(values, q) for q in (0, 33, 34, 99, 100)] == [1, 1, 2, 10, 10]
