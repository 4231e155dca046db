from __future__ import annotations

import math

import pytest

from labkit.language import Text
from labkit.measure.outcome import BAD_ANSWER, REFUSED, RESET, TIMED_OUT, TOO_LATE
from labkit.measure.recording import Mark
from tests.unit.labkit.measure.requests import every, result, run, samples

HOME = samples([0.5, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5],
               [200, 200, 503, TIMED_OUT, REFUSED, RESET, BAD_ANSWER, TOO_LATE],
               [0.01, 0.02, 0.03, 0.5, 0.001, 0.002, 0.003, 0.9], tag=[0, 1, 1, -1, -1, -1, -1, -1])
ORDERS = every(1.0, latency=0.1)
PING = every(0.05, latency=0.001)
STREAMS = {"home": HOME, "orders": ORDERS, "ping": PING}
ONE = run(STREAMS, tags=["full", "default"])


def test_outcomes_are_counted_each_apart_and_add_up():
    home = ONE["home"]
    assert (home.sent, home.ok, home.http_errors, home.timeouts, home.refused, home.reset, home.bad) == (
        7, 2, 1, 1, 1, 1, 1)
    assert home.errors == home.http_errors + home.refused + home.reset + home.bad
    assert home.sent == home.ok + home.errors + home.timeouts


def test_shares_and_rates():
    home = ONE["home"]
    assert home.answered == 2 / 7
    assert home.goodput == 2 / 8
    assert home.share("default") == 2 / 7
    assert home.share("never seen") == 0


def test_latency_is_that_of_everyone_who_was_sent_and_a_timeout_counts_as_itself():
    home = ONE["home"]
    assert home.p50 == pytest.approx(0.01, rel=2e-3)
    assert home.p99 == home.largest == pytest.approx(0.5)
    assert home.lateness == 0.0


def test_a_run_adds_up_its_streams_without_the_control_stream():
    assert ONE.names == ["home", "orders"]
    assert ONE.sent == 7 + 8
    assert ONE["ping"].sent == 160
    assert ONE.timeline(8.0).sent.tolist() == [15]


def test_a_window_has_its_own_requests_length_and_label():
    part = ONE.between(1, 3)
    assert (part["home"].sent, part["home"].goodput, part.seconds) == (2, 0.5, 2)
    assert part["home"].answered.label == Text("home answered, 1 to 3 s", "home 得到回應，第 1 至 3 秒")
    assert part.goodput.label == Text("all goodput, 1 to 3 s", "全部有效吞吐量，第 1 至 3 秒")
    assert ONE["home"].answered.label == Text("home answered", "home 得到回應")
    assert part.timeline(1.0).start.tolist() == [1.0, 2.0]


def test_a_window_of_a_window_is_what_they_share():
    assert ONE.between(1, 6).between(5, 20).span == (5, 6)


@pytest.mark.parametrize("window", [(3, 3), (5, 3), (8, 9), (-2, 0), (math.nan, 3)])
def test_a_window_with_nothing_in_it_is_refused(window):
    with pytest.raises(ValueError, match="this run goes from 0 to 8"):
        ONE.between(*window)


def test_units():
    home = ONE["home"]
    assert [figure.unit for figure in (home.sent, home.answered, home.goodput, home.p99, home.share("full"))] == [
        "", "share", "/s", "s", "share"]


def test_figures_of_nothing_are_not_a_number():
    empty = run({"home": samples([])})["home"]
    assert empty.sent == empty.goodput == 0
    assert all(math.isnan(figure) for figure in (empty.answered, empty.p50, empty.largest, empty.lateness))


@pytest.mark.parametrize("q", [-1, 101, math.nan])
def test_there_are_percentiles_from_0_to_100(q):
    with pytest.raises(ValueError, match="no percentile"):
        ONE.p(q)


def test_an_unknown_stream_is_answered_with_the_nearest():
    with pytest.raises(KeyError, match="Did you mean 'orders'"):
        ONE["order"]


def test_figures_read_after_a_repeat_are_the_new_ones_and_the_old_ones_stay():
    repeats = []

    def again():
        repeats.append(1)
        return result({**STREAMS, "home": every(1.0)}, faults=[Mark(Text("cut", "切斷"), 1.0, 2.0)])

    one = run(STREAMS, again=again)
    part, share, quick = one.between(0, 4), one["home"].answered, one.between(0, 4).p50 < 0.005
    assert part["home"].answered == 0.5
    assert one.again() is one
    assert repeats == [1]
    assert share == 2 / 7
    assert share.again() == 1.0
    assert part["home"].answered == 1.0
    assert one.faults[0].label.en == "cut"
    assert bool(quick) is bool(quick.again()) is False
    assert share.sources == (one,)
    assert part.p50.sources == (one,)


def test_a_repeat_that_fails_leaves_the_run_as_it_was():
    def again():
        raise RuntimeError("no")

    one = run(STREAMS, again=again)
    with pytest.raises(RuntimeError, match="no"):
        one.again()
    assert one["home"].sent == 7


def test_a_rate_that_was_kept_says_nothing_and_one_that_was_not_says_so():
    late = every(0.5, late=0.3)
    one = run({"home": every(0.5), "orders": late, "users": late}, rates={"home": 2.0, "orders": 2.0})
    assert one["home"].kept_rate is None
    assert "of orders left" in str(one["orders"].kept_rate)
    assert one["users"].kept_rate is None  # a closed loop has no rate to keep
    assert "of orders left" in str(one.kept_rate)


def test_drawing_is_left_to_the_painter():
    class Painter:
        def chart(self, drawn):
            return "chart", drawn

        def compare(self, before, after):
            return "compare", before, after

    one = run(STREAMS, painter=Painter())
    assert one.chart() == ("chart", one)
    assert one.compare(ONE) == ("compare", one, ONE)
    with pytest.raises(RuntimeError, match="nobody to draw it"):
        ONE.chart()


def test_a_run_says_what_it_is_in_one_line(monkeypatch):
    monkeypatch.setenv("LABKIT_LANGUAGE", "en")
    assert repr(ONE) == "run of 8 s: 15 sent, 66.7 % answered, p50 0.1 s, p99 0.5 s"
