"""Each witness of a starved machine, alone: what it lets pass, and what it stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from labkit.language import Text
from labkit.measure.gates import LIMITS, STRICT, kept_rate
from labkit.measure.outcome import NO_CONNECTION, REFUSED, TIMED_OUT, TOO_LATE
from labkit.measure.recording import Mark
from tests.unit.labkit.measure.requests import every, run


def quiet(**changed):
    """A run of a quiet machine, but for what is changed."""
    return run({"/": every(0.02), "ping": every(0.05), **changed})


def one_in(n: int, odd: float, usual: float, many: int) -> np.ndarray:
    return np.where(np.arange(many) % n == 0, odd, usual)


def lagging(lag) -> dict:
    return {"orders-1": {"at": list(np.arange(0, 8, 0.1)), "event_loop_lag_seconds": list(lag)}}


def test_a_quiet_machine_may_be_judged():
    assert quiet().too_busy() is None
    assert quiet().too_busy(strict=True) is None


def test_a_late_generator_is_told_with_how_late():
    late = one_in(50, 0.08, 0.001, 400)
    assert str(quiet(**{"/": every(0.02, late=late)}).too_busy()).startswith(
        "the load generator was late: one request in 100 left 80 ms")


def test_a_single_late_send_in_many_is_no_reason():
    assert quiet(**{"/": every(0.02, late=one_in(400, 3.0, 0.001, 400))}).too_busy() is None


@pytest.mark.parametrize("status", [TOO_LATE, NO_CONNECTION])
def test_a_request_that_was_never_sent_is_a_reason_at_once(status):
    assert "could not send 1 of 560 requests" in str(
        quiet(**{"/": every(0.02, status=one_in(400, status, 200, 400))}).too_busy())


def test_a_slow_ping_is_a_reason():
    assert "control stream was slow: its p99 was 0.12 s" in str(quiet(ping=every(0.05, latency=0.12)).too_busy())


def test_pings_that_time_out_are_a_reason_and_refused_ones_are_not():
    lost = one_in(10, TIMED_OUT, 200, 160)
    assert "control stream was not answered: 90 %" in str(quiet(ping=every(0.05, status=lost)).too_busy())
    assert quiet(ping=every(0.05, status=REFUSED, latency=0.0)).too_busy() is None


def test_a_lagging_event_loop_is_told_with_its_instance():
    one = run({"/": every(0.02)}, watch=lagging(np.full(80, 0.06)))
    assert str(one.too_busy()).startswith("orders-1 waited for a processor: its event loop lagged by 60 ms")


PAUSE = Mark(Text("pause", "暫停"), 2.05, 4.0, "orders-1")


@pytest.mark.parametrize("on", ["orders-1", "orders"])
def test_an_instance_that_was_paused_may_be_silent_and_lag_when_it_wakes_but_not_later(on):
    lag = [0.001] * 20 + [None] * 20 + [2.0] * 9 + [0.001] * 31
    faults = [replace(PAUSE, on=on)]
    assert run({"/": every(0.02)}, watch=lagging(lag), faults=faults).too_busy() is None
    lag[60:70] = [2.0] * 10
    assert run({"/": every(0.02)}, watch=lagging(lag), faults=faults).too_busy() is not None


@pytest.mark.parametrize("on", ["orders → stock", "stock-1", "orders-2"])
def test_an_instance_that_is_silent_though_nothing_was_done_to_it_is_a_reason(on):
    lag = ([0.001] * 6 + [None] * 2) * 10
    one = run({"/": every(0.02)}, watch=lagging(lag), faults=[replace(PAUSE, on=on, end=None)])
    assert str(one.too_busy()) == ("orders-1 waited for a processor: it left 23.1 % of the looks at its metrics unanswered "
                                   "(at most 10 % may be)")
    assert run({"/": every(0.02)}, watch=lagging(([0.001] * 19 + [None]) * 4)).too_busy() is None


def test_an_instance_that_needs_a_while_to_be_back_after_its_fault_is_no_reason():
    lag = [0.001] * 20 + [None] * 45 + [0.2] * 9 + [0.001] * 6
    assert run({"/": every(0.02)}, watch=lagging(lag), faults=[PAUSE]).too_busy() is None


def test_an_instance_that_has_ended_by_itself_is_no_reason_and_neither_is_one_that_tells_no_lag():
    assert run({"/": every(0.02)}, watch=lagging([0.001] * 40 + [None] * 40)).too_busy() is None
    assert run({"/": every(0.02)}, watch=lagging([None] * 80)).too_busy() is None


def test_a_fault_that_came_late_is_a_reason_from_then_on():
    late = run({"/": every(0.02)}, faults=[Mark(Text("latency 3 s", "延遲 3 秒"), 2.8, 6.0, "orders → stock", late=0.8)])
    assert str(late.too_busy()) == "latency 3 s on orders → stock came or went 0.8 s after its time (limit 0.2 s)"
    assert late.between(0, 2).too_busy() is None
    assert run({"/": every(0.02)}, faults=[replace(late.faults[0], late=0.15)]).too_busy() is None
    assert run({"/": every(0.02)}, faults=[replace(late.faults[0], late=0.15)]).too_busy(strict=True) is not None


def test_only_the_window_that_is_judged_counts():
    late = np.where(np.arange(400) * 0.02 >= 6.0, 0.2, 0.0)
    whole = quiet(**{"/": every(0.02, late=late)})
    assert whole.too_busy() is not None
    assert whole.between(0, 5.9).too_busy() is None
    assert whole.between(6, 8).too_busy() is not None


@pytest.mark.parametrize("changed", [{"/": every(0.02, late=0.03)}, {"ping": every(0.05, latency=0.06)},
                                     {"ping": every(0.05, status=one_in(25, TIMED_OUT, 200, 160))}])
def test_a_strict_judge_lets_half_as_much_pass(changed):
    assert quiet(**changed).too_busy() is None
    assert quiet(**changed).too_busy(strict=True) is not None


def test_the_strict_limits_are_half_of_the_others():
    halved = ("lateness", "lag", "ping", "fault")
    assert [getattr(STRICT, name) for name in halved] == [getattr(LIMITS, name) / 2 for name in halved]
    assert 1 - STRICT.answered == pytest.approx((1 - LIMITS.answered) / 2)


def test_a_rate_is_kept_as_long_as_one_in_a_hundred_is_late():
    assert kept_rate("/", every(0.02, late=one_in(100, 0.2, 0.0, 400)), 50.0) is None


def test_a_rate_that_was_not_kept_is_told_with_its_share_and_its_remedy():
    said = kept_rate("/", every(0.02, late=one_in(4, 0.2, 0.0, 400)), 50.0)
    assert str(said) == ("The rate of 50/s was not kept: 100 of 400 requests of / left more than 50 ms late or not at "
                         "all. Lower the rate, or close other programs.")


def test_a_want_of_connections_is_told_as_such():
    said = kept_rate("/", every(0.02, status=one_in(2, NO_CONNECTION, 200, 400)), 50.0)
    assert "200 found no free connection" in str(said)
    assert "ulimit -n" in str(said)
