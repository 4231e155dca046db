"""Envoy for real, on each substrate: before services, with its retries, its limit and its time-out, broken, ended."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("envoy")


@pytest.fixture(scope="module")
def tiny(lab: Lab) -> Service:
    return lab.service("tiny")


def test_its_start_is_told_with_its_version(lab: Lab, tiny: Service, capsys: pytest.CaptureFixture[str]) -> None:
    lab.system("envoy", calls=tiny)
    assert capsys.readouterr().out.startswith("envoy 1.")


def test_the_first_callee_gets_every_path_and_the_next_those_below_its_name(lab: Lab, tiny: Service) -> None:
    other = lab.service("other", app="tests.support.services.tiny:app")
    front = lab.system("envoy", calls=[tiny, other])
    assert front.get("/who").json()["instance"] == "tiny-1"
    assert front.get("/other/who").json()["instance"] == "other-1"
    with tiny.kill():
        assert front.get("/who").status_code == 503
        assert front.get("/other/who").status_code == 200
    assert front.get("/who").status_code == 200


def test_it_tries_again_after_an_error_too(lab: Lab, tiny: Service) -> None:
    once, often = lab.system("envoy", name="once", calls=tiny), lab.system("envoy", name="often", calls=tiny, retries=8)
    with lab.link(once, tiny).error(0.5), lab.link(often, tiny).error(0.5):
        assert {once.get("/ping").status_code for _ in range(20)} == {200, 503}
        assert {often.get("/ping").status_code for _ in range(20)} == {200}


def test_beyond_its_limit_it_refuses_at_once(lab: Lab, tiny: Service) -> None:
    front = lab.system("envoy", calls=tiny, max_requests=1)
    with ThreadPoolExecutor(1) as user:
        slow = user.submit(front.get, "/slow?seconds=3")
        assert wait_for(lambda: tiny[0].stats().busy == 1, "the first request is under way")
        refused = front.get("/ping")
        assert not slow.done()
        assert (refused.status_code, refused.headers["x-envoy-overloaded"]) == (503, "true")
        assert slow.result().status_code == 200
    assert front.get("/ping").status_code == 200


def test_after_its_time_out_it_answers_for_the_service(lab: Lab, tiny: Service) -> None:
    front = lab.system("envoy", calls=tiny, timeout=0.5)
    with lab.link(front, tiny).latency(3.0):
        assert front.get("/ping").status_code == 504
    assert front.get("/ping").status_code == 200


def test_in_front_of_nobody_it_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match="Envoy is in front of nobody"):
        lab.system("envoy")
