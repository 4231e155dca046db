"""Stale answers: older than what had been acknowledged before they were asked for, and no others."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.measure.samples import Samples
from labkit.measure.staleness import stale

TAGS = ("1", "2", "3", "full")
OK, FAILED = 200, 503


def samples(*requests: tuple[float, float, int, int]) -> Samples:
    """(intended send, latency, status, number of the tag)."""
    at, latency, status, tag = zip(*requests, strict=True) if requests else ((), (), (), ())
    return Samples(np.array(at, float), np.zeros(len(at)), np.array(latency, float), np.array(status, np.int16),
                   np.array(tag, np.int8))


WRITES = samples((1.0, 0.5, OK, 1), (3.0, 0.5, OK, 2))  # revision 2 acknowledged at 1.5, revision 3 at 3.5


@pytest.mark.parametrize(("sent", "tag", "expected"), [
    (0.5, 0, False),   # before any write
    (1.4, 0, False),   # while the write was under way: either revision is right
    (1.4, 1, False),
    (1.6, 0, True),    # after the writer was told
    (1.6, 1, False),
    (3.2, 1, False),
    (3.6, 1, True),
    (3.6, 0, True),
    (3.6, 2, False)])
def test_stale_is_what_was_acknowledged_before_the_question(sent: float, tag: int, expected: bool) -> None:
    assert stale(samples((sent, 0.01, OK, tag)), WRITES, TAGS).tolist() == [expected]


def test_the_question_is_asked_when_it_really_leaves() -> None:
    late = samples((1.4, 0.3, OK, 0))
    held = Samples(late.at, np.array([0.2]), late.latency, late.status, late.tag)
    assert stale(held, WRITES, TAGS).tolist() == [True]


def test_what_was_not_acknowledged_binds_nobody() -> None:
    writes = samples((1.0, 0.5, FAILED, 1))
    assert stale(samples((2.0, 0.01, OK, 0)), writes, TAGS).tolist() == [False]


def test_an_answer_without_a_revision_and_a_failed_one_are_not_counted() -> None:
    reads = samples((2.0, 0.01, OK, 3), (2.0, 0.01, OK, -1), (2.0, 0.01, FAILED, 0))
    assert stale(reads, WRITES, TAGS).tolist() == [False] * 3


def test_without_writes_nothing_is_stale() -> None:
    assert stale(samples((2.0, 0.01, OK, 0)), samples(), TAGS).tolist() == [False]


times = st.floats(0, 10)
requests = st.lists(st.tuples(times, st.floats(0, 2), st.sampled_from([OK, FAILED]), st.integers(-1, 3)), max_size=12)


@given(reads=requests, writes=requests)
def test_each_answer_is_judged_as_by_looking_at_every_write(reads, writes) -> None:
    def judged(read: tuple[float, float, int, int]) -> bool:
        told = [tag for at, latency, status, tag in writes if status == OK and 0 <= tag <= 2 and at + latency < read[0]]
        return read[2] == OK and 0 <= read[3] <= 2 and bool(told) and read[3] < max(told)

    assert stale(samples(*reads), samples(*writes), TAGS).tolist() == [judged(read) for read in reads]
