"""Percentiles of several streams or runs, side by side."""

from __future__ import annotations

from labkit.language import Text
from labkit.show.percentiles import percentiles
from tests.unit.labkit.show.drawings import labels, svgs, words
from tests.unit.labkit.show.runs import avalanche, mended


def test_each_stream_is_a_row_with_its_figures_and_the_axis_says_that_it_is_logarithmic() -> None:
    said = labels(percentiles(mended()))
    assert {"POST /orders", "GET /", "p50 26 ms", "p99 45 ms", "largest 50 ms", "latency, logarithmic"} <= set(said)


def test_what_timed_out_is_not_called_the_largest() -> None:
    said = labels(percentiles(avalanche()))
    assert said["timed out 0.5 s"] == "failed"
    assert "largest 0.5 s" not in said


def test_runs_can_be_compared_by_name() -> None:
    names = Text("hangs", "卡住"), Text("mended", "修好")
    shown = percentiles({names[0]: avalanche(), names[1]: mended()["GET /"]})
    assert {"卡住", "修好"} <= set(labels(shown, "zh-Hant"))
    assert shown.finding.en == "The slowest hundredth of hangs takes 0.5 s or more"


def test_faster_is_further_left() -> None:
    (svg,) = svgs(percentiles(mended()))
    place = {word.said: word.x for word in words(svg)}
    assert place["p50 26 ms"] < place["p99 45 ms"] < place["largest 50 ms"] < place["timed out 0.5 s"]
