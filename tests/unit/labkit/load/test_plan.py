from __future__ import annotations

import json
import math

import numpy as np
import pytest

from labkit.load.plan import REACH, LoadPlan, Stream
from labkit.measure.gates import CONTROL

URL = "http://127.0.0.1:8000/orders"


def stream(**changes):
    return Stream(**{"name": "/orders", "url": URL, "rate": 48.0, **changes})


@pytest.mark.parametrize("rate", [0, -1, math.nan, math.inf, "48", None])
def test_a_rate_that_cannot_be_is_refused_with_one_that_can(rate):
    with pytest.raises(ValueError, match=r"rate of .* cannot be.*rate=40"):
        stream(rate=rate)


@pytest.mark.parametrize("timeout", [0, -0.5, math.nan, math.inf])
def test_a_timeout_of_nothing_or_for_ever_is_refused(timeout):
    with pytest.raises(ValueError, match=r"time-out of .* cannot be.*timeout=0\.5"):
        stream(timeout=timeout)


@pytest.mark.parametrize("seconds", [0, -3, math.nan, math.inf])
def test_a_load_must_last(seconds):
    with pytest.raises(ValueError, match=r"load of .* cannot be.*seconds=5"):
        LoadPlan([stream()], seconds)


def test_unknown_arrivals_are_answered_with_the_nearest_known():
    with pytest.raises(ValueError, match=r"'poison'.*Did you mean 'poisson'"):
        stream(arrivals="poison")


@pytest.mark.parametrize("url", [
    "https://127.0.0.1:8000/", "http://127.0.0.1/", "http://example.org:80/", "http://10.0.0.1:8000/", "ftp://127.0.0.1:1/",
    "127.0.0.1:8000", "", "http://127.0.0.1:99999/", "http://127.0.0.1:80/a b", "http://127.0.0.1:80/a\r\nx: y",
    "http://127.0.0.1:80/é"])
def test_only_http_on_this_machine_is_loaded(url):
    with pytest.raises(ValueError, match="not an http address"):
        stream(url=url)
    with pytest.raises(ValueError, match="not an http address"):
        LoadPlan([stream()], 1.0, watch={"orders-1": url})


@pytest.mark.parametrize("url", [URL, "http://localhost:80/", "http://127.8.8.8:1", "http://[::1]:8000/a?b=c"])
def test_every_loopback_address_will_do(url):
    assert stream(url=url).url == url


def test_a_rate_beyond_reach_is_refused_and_says_what_one_core_can():
    with pytest.raises(ValueError, match=r"50,000 requests a second are beyond reach.*20,000"):
        LoadPlan([stream(rate=30_000), stream(name="other", rate=20_000)], 1.0)
    LoadPlan([stream(rate=REACH), stream(name=CONTROL, rate=20)], 1.0)


def test_more_requests_than_can_be_kept_are_refused():
    with pytest.raises(ValueError, match="too many to keep"):
        LoadPlan([stream(rate=10_000)], 1_000.0)


def test_a_load_without_streams_or_with_two_of_one_name_is_refused():
    with pytest.raises(ValueError, match="at least one stream"):
        LoadPlan([], 1.0)
    with pytest.raises(ValueError, match="Two streams are named '/orders'"):
        LoadPlan([stream(), stream()], 1.0)


@pytest.mark.parametrize("changes", [{"users": 0}, {"users": 2.5}, {"users": 100_000}, {"users": 1, "think": -1},
                                     {"users": 1, "think": math.nan}])
def test_a_closed_loop_needs_users_who_can_be(changes):
    with pytest.raises(ValueError, match="cannot be"):
        stream(arrivals="closed", **changes)


def test_a_closed_loop_needs_no_rate():
    assert stream(arrivals="closed", users=3, rate=0).users == 3


@pytest.mark.parametrize("changes", [{"method": "GET /\r\n"}, {"method": ""}, {"headers": {"a\r\nb": "c"}},
                                     {"headers": {"a": "b\r\nc: d"}}, {"headers": {"a": "é"}}])
def test_a_request_cannot_be_smuggled_in(changes):
    with pytest.raises(ValueError, match=r"HTTP method|cannot be sent"):
        stream(**changes)


def test_the_refusal_is_in_the_readers_language(monkeypatch):
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    with pytest.raises(ValueError, match="速率不能是"):
        stream(rate=0)


def test_the_order_is_plain_json_whatever_the_numbers_came_from():
    plan = LoadPlan([stream(rate=np.float32(48), seed=np.int64(3))], np.int64(8), watch={"orders-1": URL})
    order = json.loads(json.dumps(plan.order()))
    wanted = {"rate": 48.0, "seed": 3, "arrivals": "constant", "timeout": 0.5}
    assert order["streams"][0] | wanted == order["streams"][0]
    assert order["watch"] == [{"name": "orders-1", "url": URL}]
    assert order["seconds"] == 8.0
