"""Latency over time, as a reader sees it."""

from __future__ import annotations

import numpy as np
import pytest

from labkit.language import Text
from labkit.show.latency import latency_over_time
from tests.unit.labkit.show.drawings import labels, shapes, svgs, words
from tests.unit.labkit.show.gallery import FINDING
from tests.unit.labkit.show.runs import avalanche, mended, run, silent, stream


def test_percentiles_are_labelled_at_the_lines_ends_and_what_timed_out_where_it_did() -> None:
    said = labels(latency_over_time(avalanche()))
    assert (said["p50"], said["p99"], said["timed out"]) == ("healthy", "waiting", "failed")


def test_served_is_a_solid_line_slow_a_dashed_one_and_timed_out_a_cross() -> None:
    (svg,) = svgs(latency_over_time(avalanche()))
    assert not any("dasharray" in shape for shape in shapes(svg, "healthy"))
    assert any("dasharray" in shape for shape in shapes(svg, "waiting"))
    assert len([shape for shape in shapes(svg, "failed") if shape.startswith("<use")]) >= 20


def test_without_time_outs_nothing_is_drawn_as_failed() -> None:
    chart = latency_over_time(run({"GET /": stream(40)}, faults=()))
    assert "timed out" not in labels(chart)
    assert shapes(svgs(chart)[0], "failed") == []


def test_the_axis_is_linear_from_zero_or_says_that_it_is_logarithmic() -> None:
    linear, logarithmic = (labels(latency_over_time(avalanche(), log=log)) for log in (False, True))
    assert {"latency, seconds", "0", "0.2", "0.4"} <= set(linear)
    assert {"latency, logarithmic", "10 ms", "0.1 s", "0.5 s"} <= set(logarithmic)


def test_a_fault_is_a_band_with_its_label_above_it() -> None:
    (svg,) = svgs(latency_over_time(avalanche()))
    fault = next(word for word in words(svg) if word.said == "latency 3 s on stock")
    two = next(word for word in words(svg) if word.said == "2" and word.anchor == "middle")
    assert fault.role == "failed"
    assert fault.x == pytest.approx(two.x, abs=0.2)
    assert any("opacity" in shape for shape in shapes(svg, "failed"))


def test_a_fault_that_was_never_lifted_lasts_to_the_end() -> None:
    chart = latency_over_time(silent())
    assert "from 4 s to 10 s" in chart.alt.en
    assert "paused" in labels(chart)


def test_faults_at_the_same_time_have_their_labels_on_rows_of_their_own() -> None:
    from tests.unit.labkit.show.gallery import two_faults

    (svg,) = svgs(two_faults())
    rows = {word.said: word.y for word in words(svg) if word.role == "failed"}
    assert rows["orders: killed"] - rows["stock: latency 3 s"] > 15


def test_a_window_of_a_run_keeps_the_runs_seconds() -> None:
    said = labels(latency_over_time(avalanche().between(3, 6)))
    assert {"3", "4", "5", "6"} <= set(said)
    assert "1" not in said


def test_the_title_is_the_finding_given_or_else_one_that_the_figures_give() -> None:
    given, usual = latency_over_time(avalanche(), finding=FINDING), latency_over_time(mended(), "GET /")
    assert given.finding is FINDING
    assert usual.finding.en.startswith("Half of the requests were answered within ")
    assert "timed out" in latency_over_time(avalanche()).finding.en


def test_the_alternative_says_the_figures_and_the_faults() -> None:
    chart = latency_over_time(avalanche(), "POST /orders")
    assert "250 of 480 timed out" in chart.alt.en
    assert "latency 3 s on stock, from 2 s to 7 s" in chart.alt.en
    assert "480 個請求中有 250 個超時" in chart.alt.zh


def test_a_chart_stays_as_it_was_when_its_run_is_repeated() -> None:
    first, second = avalanche().recording, mended().recording
    from labkit.measure.run import Run

    measured = Run(first)
    chart = latency_over_time(measured)
    before = chart.html("en")
    measured._recording = second
    assert chart.html("en") == before


def test_a_run_in_which_nothing_was_sent_is_drawn_all_the_same() -> None:
    nothing = stream(40).where(np.zeros(400, bool))
    chart = latency_over_time(run({"GET /": nothing}, faults=()))
    assert svgs(chart)
    assert "not measured" in Text.to(chart.alt, "en")
