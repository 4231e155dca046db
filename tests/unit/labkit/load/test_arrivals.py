from __future__ import annotations

import itertools
import statistics

import pytest

from labkit.load import arrivals


def gaps(times: list[float]) -> list[float]:
    return [later - earlier for earlier, later in itertools.pairwise(times)]


@pytest.mark.parametrize("rate", [0.7, 48.0, 333.0])
def test_constant_arrivals_are_evenly_spaced_and_as_many_as_the_rate_says(rate):
    times = list(arrivals.constant(rate, 10.0, seed=3))
    assert gaps(times) == pytest.approx([1 / rate] * (len(times) - 1))
    assert abs(len(times) - 10 * rate) <= 1


def test_the_seed_moves_the_phase_of_constant_arrivals_within_one_gap():
    firsts = [next(arrivals.constant(10.0, 5.0, seed)) for seed in range(200)]
    assert all(0 <= first < 0.1 for first in firsts)
    assert len(set(firsts)) == 200
    assert max(firsts) - min(firsts) > 0.09


def test_the_same_seed_gives_the_same_times():
    for kind in (arrivals.constant, arrivals.poisson):
        assert list(kind(50.0, 2.0, 7)) == list(kind(50.0, 2.0, 7)) != list(kind(50.0, 2.0, 8))


def test_poisson_arrivals_have_exponential_gaps():
    drawn = gaps(list(arrivals.poisson(100.0, 400.0, seed=1)))
    mean = statistics.fmean(drawn)
    assert mean == pytest.approx(0.01, rel=0.02)
    assert statistics.stdev(drawn) / mean == pytest.approx(1.0, rel=0.03)  # the exponential's mark
    assert sum(gap > 0.01 for gap in drawn) / len(drawn) == pytest.approx(0.3679, rel=0.03)  # 1/e


def test_no_arrival_is_outside_the_load():
    for kind in (arrivals.constant, arrivals.poisson):
        for seed in range(20):
            assert all(0 <= at < 1.0 for at in kind(30.0, 1.0, seed))


def test_closed_users_begin_spread_over_one_think_time():
    firsts = arrivals.closed(10, 2.0, seed=5)
    assert gaps(firsts) == pytest.approx([0.2] * 9)
    assert 0 <= firsts[0] < 0.2
    assert arrivals.closed(3, 0.0, seed=5) == [0.0, 0.0, 0.0]
