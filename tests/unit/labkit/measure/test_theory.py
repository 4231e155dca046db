"""The formulas give the published values, and say so where they do not apply."""

from __future__ import annotations

import math
from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.measure import theory

# Offered load in erlangs at which the given share is refused, as in the Erlang B tables that telephone engineers use
# (e.g. ITU-D SG 2/16, Teletraffic Engineering Handbook; Reeve and Boucher, Traffic System Design Handbook).
ERLANG_B_TABLE = [(1, 0.01, 0.0101), (5, 0.01, 1.361), (10, 0.01, 4.461), (20, 0.01, 12.031), (50, 0.01, 37.901),
                  (100, 0.01, 84.064), (10, 0.001, 3.092), (10, 0.02, 5.084), (5, 0.05, 2.219)]


@pytest.mark.parametrize(("servers", "refused", "load"), ERLANG_B_TABLE)
def test_erlang_b_is_as_in_the_printed_tables(servers: int, refused: float, load: float) -> None:
    assert float(theory.erlang_b(load, servers)) == pytest.approx(refused, rel=0.005)


def test_erlang_b_with_nobody_to_serve_refuses_all_and_with_no_load_none() -> None:
    assert theory.erlang_b(3, 0) == 1
    assert theory.erlang_b(0, 3) == 0


def test_erlang_b_does_not_overflow_where_factorials_would() -> None:
    assert 0 < float(theory.erlang_b(1000, 1000)) < 0.03


def exact_erlang_c(load: int, servers: int) -> Fraction:
    """The textbook's sum, in exact fractions (Kleinrock 1975)."""
    ratio = Fraction(load)
    last = ratio**servers / math.factorial(servers) * servers / (servers - ratio)
    return last / (sum(ratio**k / math.factorial(k) for k in range(servers)) + last)


@given(st.integers(1, 40).flatmap(lambda servers: st.tuples(st.integers(0, servers - 1), st.just(servers))))
def test_erlang_c_is_the_textbooks_sum(case: tuple[int, int]) -> None:
    assert float(theory.erlang_c(*case)) == pytest.approx(float(exact_erlang_c(*case)), rel=1e-9)


def test_a_call_centres_worked_example() -> None:
    """360 calls in half an hour of 4 minutes each, 55 agents: 23.9 % wait, 8.2 s on average (mitan.co.uk)."""
    assert float(theory.erlang_c(48, 55)) == pytest.approx(0.239, abs=0.0005)
    assert float(theory.mmc_wait(360 / 1800, 240, 55)) == pytest.approx(8.2, abs=0.05)


def test_the_textbooks_clinic() -> None:
    """6 patients an hour, 20 minutes each, 3 doctors: 8.89 minutes of waiting, 28.89 in all (Gross and Harris)."""
    hour = 3600
    assert float(theory.mmc_wait(6 / hour, 1200, 3)) / 60 == pytest.approx(8.89, abs=0.005)
    assert float(theory.mmc_time(6 / hour, 1200, 3)) / 60 == pytest.approx(28.89, abs=0.005)


@given(st.floats(0, 0.99), st.floats(0.001, 10))
def test_one_server_is_the_same_by_either_formula(busy: float, service: float) -> None:
    assert float(theory.mmc_time(busy / service, service, 1)) == pytest.approx(
        float(theory.mm1_time(busy / service, service)), rel=1e-6)


def test_at_half_and_at_nine_tenths_of_its_capacity_a_server_takes_twice_and_ten_times_as_long() -> None:
    assert float(theory.mm1_time(0.5, 1)) == pytest.approx(2)
    assert float(theory.mm1_time(0.9, 1)) == pytest.approx(10)


def test_past_its_capacity_nothing_is_finite() -> None:
    assert theory.mm1_time(10, 0.1) == math.inf
    assert theory.mmc_wait(10, 0.2, 2) == math.inf
    assert theory.erlang_c(2, 2) == 1
    assert float(theory.utilisation(30, 0.1, 2)) == pytest.approx(1.5)


def test_tail_at_scale() -> None:
    """1 % slow and 100 servers: 63 % of requests; 1 in 10,000 and 2,000 servers: almost one in five."""
    assert float(theory.slowest_share(0.01, 100)) == pytest.approx(0.63, abs=0.005)
    assert float(theory.slowest_share(0.0001, 2000)) == pytest.approx(0.18, abs=0.005)


def test_the_quantile_for_the_slowest_undoes_the_slowest() -> None:
    each = float(theory.quantile_for_slowest(0.99, 100))
    assert float(theory.slowest_share(1 - each, 100)) == pytest.approx(0.01)


def test_the_slowest_of_three_exponentials_takes_eleven_sixths() -> None:
    assert float(theory.slowest_mean(6, 3)) == pytest.approx(11)


def test_littles_law_both_ways() -> None:
    assert theory.little_number(rate=48, time=3) == 144
    assert theory.little_time(number=144, rate=48) == 3
    assert theory.little_rate(number=144, time=3) == 48
    assert theory.little_time(number=1, rate=0) == math.inf


def test_a_pool_of_24_at_48_a_second_is_full_in_half_a_second() -> None:
    assert theory.time_to_fill(24, rate=48, hold=3) == 0.5
    assert theory.time_to_fill(48, rate=48, hold=3) == 1.0


def test_a_pool_from_which_enough_come_back_is_never_full() -> None:
    assert theory.time_to_fill(24, rate=48, hold=0.02) == math.inf
    assert theory.time_to_fill(24, rate=0, hold=3) == math.inf


@given(st.integers(1, 40), st.integers(1, 60), st.floats(0.01, 5))
def test_filling_is_what_counting_arrivals_and_returns_gives(threads: int, rate: int, hold: float) -> None:
    """Evenly spaced arrivals, each holding a thread: the first moment when all are busy, within one spacing."""
    predicted = float(theory.time_to_fill(threads, rate, hold))
    arrivals = [k / rate for k in range(1, threads + 2)]
    fill = next((at for at in arrivals if sum(at - hold < other <= at for other in arrivals) >= threads), math.inf)
    if abs(rate * hold - threads) > 1.01:  # nearer than one arrival, counting and the fluid formula may differ
        assert fill == pytest.approx(predicted, abs=1.001 / rate)


def test_busy_threads_are_never_more_than_there_are() -> None:
    assert theory.busy_threads(24, 48, 0.02) == pytest.approx(0.96)
    assert theory.busy_threads(24, 48, 3) == 24


def test_capacity_of_three_threads_of_50_ms() -> None:
    assert float(theory.capacity(3, 0.05)) == pytest.approx(60)


def test_three_nines_in_a_chain_of_ten() -> None:
    assert float(theory.availability_chain(*[0.999] * 10)) == pytest.approx(0.990, abs=0.0005)
    assert theory.availability_chain() == 1


def test_two_replicas_of_two_nines_are_four_nines() -> None:
    assert float(theory.availability_replicas(0.99, 2)) == pytest.approx(0.9999)
    assert theory.availability_replicas(0.99, 0) == 0


def test_three_attempts_at_three_hops_are_27_calls() -> None:
    """SRE, chapter 22, counts 4 attempts at 3 layers: 64."""
    assert theory.retry_amplification(3, 3) == 27
    assert theory.retry_amplification(4, 3) == 64


def test_a_budget_of_ten_per_cent_keeps_it_small() -> None:
    """SRE, chapter 21: a 10 % retry budget keeps the growth to 1.1 times where 3 attempts would triple it."""
    assert float(theory.retry_amplification_with_budget(0.1, 1)) == pytest.approx(1.1)
    assert float(theory.retry_amplification_with_budget(0.1, 2)) == pytest.approx(1.21)


@pytest.mark.parametrize(("call", "names"), [
    (lambda: theory.little_number(-1, 2), "rate"), (lambda: theory.little_time(1, -2), "rate"),
    (lambda: theory.time_to_fill(0, 1, 1), "threads"), (lambda: theory.time_to_fill(1, math.nan, 1), "rate"),
    (lambda: theory.utilisation(1, 1, 0), "servers"), (lambda: theory.erlang_b(1, -1), "servers"),
    (lambda: theory.erlang_c(1, 1.5), "servers"), (lambda: theory.slowest_share(1.2, 3), "slow"),
    (lambda: theory.availability_chain(0.9, 1.1), "link 2"), (lambda: theory.retry_amplification(0, 1), "attempts"),
    (lambda: theory.retry_amplification_with_budget(-0.1, 1), "share")])
def test_nonsense_is_refused_by_name(call: Callable[[], float], names: str) -> None:
    with pytest.raises(ValueError, match=f"^{names} must be"):
        call()


def test_a_prediction_knows_its_unit_and_stands_in_a_condition() -> None:
    measured = theory.time_to_fill(24, 48, 3) * 1.1
    assert measured < 1.3 * theory.time_to_fill(24, 48, 3)
    assert theory.time_to_fill(24, 48, 3).unit == "s"
