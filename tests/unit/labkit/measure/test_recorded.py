"""A run as one small JSON object: what is in it, how large it is, and that it can be read back."""

from __future__ import annotations

import dataclasses
import gzip
import json
from typing import Any

import numpy as np
import pytest

from labkit.language import Text
from labkit.measure import recorded
from labkit.measure.recording import Change, Mark, Scene
from labkit.measure.run import Run
from tests.unit.labkit.measure.requests import every, run, samples

SCENE = Scene("avalanche_1_collapse", "2 cores, 4 GiB, Debian GNU/Linux 12, Python 3.11", {"storefront": 1, "orders": 2},
              (("users", "storefront"), ("storefront", "orders")), (Change(2.3104, "storefront", "orders", "open"),))
SLOW = Mark(Text("latency 3 s", "延遲 3 秒"), 2.0004, None, "storefront -> orders")
STREAMS = {"POST /orders": samples([0.001, 0.0226, 0.0226, 0.5, 0.6, 0.7, 0.9], [200, 0, -1, 503, 200, -4, -2],
                                   [0.0224, 0.5, 0.0031, 0.01, 0.02, 0, 0.004], tag=[0, -1, -1, -1, 1, -1, -1]),
           "ping": every(0.05)}
WATCH = {"storefront-1": {"at": [0.0, 0.1, 0.3, 0.9], "pool_threads_busy": [0, 2, None, 48],
                          "pool_tasks_waiting": [0, 0, None, 7], "pool_threads_total": [48, 48, None, 48]},
         "orders-1": {"at": [0.0, 0.1], "pool_threads_busy": [1, None]},
         "orders-2": {"at": [0.0, 0.1], "pool_threads_busy": [2, 3]}}


def made(**changes: Any) -> Run:
    """A run of one second with one of each thing."""
    return run(**{"streams": STREAMS, "tags": ["full", "stale"], "watch": WATCH, "faults": [SLOW], "seconds": 1.0,
                  "rates": {"POST /orders": 7.0}, "scene": SCENE} | changes)


def written(one: Run, title: Text | None = None) -> Any:
    return json.loads(one.to_json(title))


def test_the_head_says_what_was_measured_where_and_when() -> None:
    found = written(made(), Text("An avalanche", "雪崩"))
    assert {name: found[name] for name in ("version", "lab", "title", "date", "machine", "seconds", "step")} == {
        "version": 1, "lab": "avalanche_1_collapse", "title": {"en": "An avalanche", "zh-Hant": "雪崩"}, "date": "2025-11-23",
        "machine": SCENE.machine, "seconds": 1, "step": 0.1}
    assert found["links"] == [["users", "storefront"], ["storefront", "orders"]]
    assert found["loads"] == [{"stream": "POST /orders", "rate": 7.0, "timeout": 0.5}]


def test_each_request_that_was_sent_is_a_moment_a_latency_and_a_letter() -> None:
    calls = written(made())["calls"]
    assert calls == {"POST /orders": {"at": [1, 22, 0, 477, 100, 300], "ms": [22, 500, 3, 10, 20, 4], "outcome": "otrese"}}


def test_the_moments_of_many_requests_do_not_drift() -> None:
    moments = np.cumsum(written(made(streams={"GET /": every(1 / 48)}, seconds=8.0))["calls"]["GET /"]["at"])
    assert np.abs(moments / 1000 - every(1 / 48).at).max() <= 0.0005 + 1e-9


@pytest.mark.parametrize(("tag", "letter"), [
    ("full", "o"), ("default", "d"), ("stale", "s"), ("queued", "q"), ("alternative", "a")])
def test_a_fallback_has_a_letter_of_its_own(tag: str, letter: str) -> None:
    one = made(streams={"GET /": samples([0.1], tag=0)}, tags=[tag])
    assert written(one)["calls"]["GET /"]["outcome"] == letter
    assert Run.from_json(one.to_json())["GET /"].share(tag) == (0 if tag == "full" else 1)


def test_pools_are_added_up_on_a_grid_of_steps_with_null_where_nobody_told() -> None:
    found = written(made())
    assert found["series"]["storefront"] == {"busy": [0, 2, *[None] * 7, 48], "waiting": [0, 0, *[None] * 7, 7]}
    assert found["series"]["orders"] == {"busy": [3, 3, *[None] * 8], "waiting": [None] * 10}
    assert found["services"] == [{"name": "storefront", "threads": 48, "instances": 1},
                                 {"name": "orders", "threads": None, "instances": 2}]


def test_a_service_that_was_not_watched_has_told_nothing() -> None:
    nothing = {"busy": [None] * 10, "waiting": [None] * 10}
    assert written(made(watch={}))["series"] == {"storefront": nothing, "orders": nothing}


def test_a_restart_is_a_gap_and_what_comes_after_it_counts_again() -> None:
    watch = {"orders-1": {"at": [k / 10 for k in range(10)], "pool_threads_busy": [4, 4, None, None, None, 0, 1, 1, 2, 2]}}
    one = made(watch=watch, scene=dataclasses.replace(SCENE, instances={"orders": 1}))
    assert written(one)["series"]["orders"]["busy"] == [4, 4, None, None, None, 0, 1, 1, 2, 2]


def test_a_closed_loop_has_no_rate() -> None:
    one = made(rates={})
    assert written(one)["loads"][0]["rate"] is None
    assert Run.from_json(one.to_json()).recording.rates == {}


def test_a_fault_that_was_not_lifted_has_no_end_and_one_from_before_begins_at_second_0() -> None:
    standing = Mark(Text("cut", "切斷"), -4.0, 0.5, "orders-1")
    assert written(made(faults=[SLOW, standing]))["faults"] == [
        {"on": "storefront -> orders", "label": {"en": SLOW.label.en, "zh-Hant": SLOW.label.zh}, "begin": 2, "end": None},
        {"on": "orders-1", "label": {"en": "cut", "zh-Hant": "切斷"}, "begin": 0, "end": 0.5}]


def test_where_a_fault_was_is_said_once() -> None:
    assert (SLOW.placed.en, SLOW.placed.zh) == ("latency 3 s on storefront -> orders", "storefront -> orders：延遲 3 秒")
    assert dataclasses.replace(SLOW, on="").placed == SLOW.label


def test_the_breakers_changes_are_in_it() -> None:
    assert written(made())["states"] == [{"at": 2.31, "service": "storefront", "breaker": "orders", "state": "open"}]


def test_what_is_read_back_and_written_again_is_the_same() -> None:
    once = made().to_json()
    assert Run.from_json(once).to_json() == once


def test_a_run_that_was_read_can_be_looked_at_but_not_repeated() -> None:
    one, other = made(), Run.from_json(made().to_json())
    assert (other["POST /orders"].answered, other["POST /orders"].timeouts, other["POST /orders"].refused) == (
        one["POST /orders"].answered, one["POST /orders"].timeouts, one["POST /orders"].refused)
    assert other.first_time("storefront", "pool_threads_busy", 48) == pytest.approx(0.9)
    assert other.recording.scene.changes == (Change(2.31, "storefront", "orders", "open"),)
    with pytest.raises(RuntimeError, match="can be looked at, but not repeated"):
        other.again()


def test_the_record_of_a_labs_load_is_small() -> None:
    """Two streams of 48 requests a second for ten seconds, with latencies as they scatter when nothing is right."""
    chance = np.random.default_rng(1)
    streams = {name: every(1 / 48, 10.0, latency=chance.uniform(0, 0.5, 480), status=chance.choice([200, 503, 0], 480))
               for name in ("POST /orders", "GET /")}
    at = [k / 10 for k in range(100)]
    watch = {f"{name}-1": {"at": at, **{metric: chance.integers(0, 48, 100).tolist() for metric in recorded.METRICS.values()}}
             for name in SCENE.instances}
    text = made(streams=streams, seconds=10.0, watch=watch).to_json()
    assert len(gzip.compress(text.encode())) < 5000


def test_a_run_too_long_for_a_page_is_refused_with_a_sentence() -> None:
    with pytest.raises(ValueError, match="This run has 400,000 requests, too many for a page to replay"):
        made(streams={"GET /": every(1 / 50000)}).to_json()
