"""What became of the requests, as a reader sees it."""

from __future__ import annotations

from labkit.measure.samples import Samples
from labkit.show.answers import answers_over_time
from tests.unit.labkit.show.drawings import labels, shapes, svgs, words
from tests.unit.labkit.show.runs import avalanche, mended, run, stream


def test_each_stream_has_a_panel_of_its_own_with_its_unit() -> None:
    said = labels(answers_over_time(avalanche()))
    assert {"POST /orders, requests per second", "GET /, requests per second", "seconds"} <= set(said)


def test_answered_failed_and_timed_out_are_told_apart_by_words_and_hatch() -> None:
    chart = answers_over_time(mended())
    said = labels(chart)
    assert (said["answered"], said["failed"], said["timed out"]) == ("healthy", "failed", "failed")
    assert svgs(chart)[0].count("<pattern ") == 2


def test_what_did_not_happen_is_not_named() -> None:
    said = labels(answers_over_time(run({"GET /": stream(40)}, faults=())))
    assert "answered" in said
    assert not {"failed", "timed out"} & set(said)


def test_the_title_and_the_alternative_count() -> None:
    chart = answers_over_time(avalanche())
    assert chart.finding.en == "503 of 960 requests were answered in time"
    assert "POST /orders: 480 sent, 47.9 % answered in time, 250 timed out, 0 failed." in chart.alt.en


def test_a_label_stands_where_its_area_is() -> None:
    (svg,) = svgs(answers_over_time(run({"GET /": stream(40, (5, 10))}, faults=())))
    place = {word.said: word.x for word in words(svg)}
    assert place["answered"] < place["4"] < place["6"] < place["timed out"]


def test_the_label_of_a_short_failure_stands_behind_it() -> None:
    (svg,) = svgs(answers_over_time(run({"GET /": stream(40, (2, 2.9))}, faults=())))
    place = {word.said: word for word in words(svg)}
    second = (place["4"].x - place["2"].x) / 2
    assert place["timed out"].anchor == "start"
    assert place["timed out"].x >= place["2"].x + 0.9 * second


def test_the_label_of_a_few_answers_at_the_foot_stays_in_its_panel() -> None:
    few, many = stream(2), stream(40, (0, 10), 2)
    (svg,) = svgs(answers_over_time(run({"GET /": Samples.together([few, many])}, faults=())))
    place = {word.said: word for word in words(svg)}
    assert place["answered"].y < max(word.y for word in words(svg) if word.said == "0") - 5


def test_buckets_hold_as_many_requests_each_so_that_a_constant_rate_is_a_straight_edge() -> None:
    from labkit.show.over_time import bucket

    for rate in (24, 40, 48, 60):
        for seconds in (4, 5, 6, 8, 9, 10):
            assert (rate * bucket(avalanche().between(0, seconds))) % 1 == 0 or seconds < 5


def test_the_hatch_is_a_failures_alone() -> None:
    (svg,) = svgs(answers_over_time(run({"GET /": stream(40)}, faults=())))
    assert "pattern" not in svg
    assert shapes(svg, "healthy")
