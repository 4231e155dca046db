"""HAProxy for real, on each substrate: before the instances of a service, which it watches while they are broken."""

from __future__ import annotations

import contextlib
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("haproxy")


@pytest.fixture
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=3)


def _answered(front: Service, requests: int) -> Counter[str]:
    """How many of so many requests each instance has answered; whatever was not answered counts as what it was instead."""
    answers = [front.get("/who") for _ in range(requests)]
    return Counter(one.json()["instance"] if one.status_code == 200 else f"{one.status_code // 100}xx" for one in answers)


def _sum(front: Service, column: str) -> int:
    """What the instances have of it together."""
    return sum(int(row[column]) for row in front.client().servers().values())


def _status(front: Service, instance: str) -> Callable[[], str]:
    return lambda: front.client().servers()[instance]["status"].split()[0]


def _wait_for(front: Service, instance: str, status: str) -> None:
    wait_for(lambda: _status(front, instance)() == status, f"{instance} is {status}")


def test_its_start_is_told_with_its_version(lab: Lab, tiny: Service, capsys: pytest.CaptureFixture[str]) -> None:
    front = lab.system("haproxy", calls=tiny)
    version = httpx.get(f"{front.url}/haproxy-stats").text.partition("HAProxy version ")[2].partition("-")[0].partition(",")[0]
    assert version
    assert f"haproxy {version}: 1 instance(s) at http://127.0.0.1:" in capsys.readouterr().out


def test_in_turn_it_leads_to_every_instance_equally_often(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny)
    assert _answered(front, 12) == {"tiny-1": 4, "tiny-2": 4, "tiny-3": 4}
    assert {name: row["stot"] for name, row in front.client().servers().items()} == {"tiny-1": "4", "tiny-2": "4", "tiny-3": "4"}


def test_by_source_it_leads_one_user_to_one_instance(lab: Lab, tiny: Service) -> None:
    assert len(_answered(lab.system("haproxy", calls=tiny, balance="source"), 9)) == 1


def test_a_killed_instance_costs_no_answer_and_gets_nothing_once_the_check_has_seen_it(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny)
    with tiny[1].kill():
        assert set(_answered(front, 12)) == {"tiny-1", "tiny-3"}, "what it would have got, another one answers"
        _wait_for(front, "tiny-2", "DOWN")
        before = front.client().servers()["tiny-2"]["stot"]
        assert _answered(front, 12) == {"tiny-1": 6, "tiny-3": 6}
        assert front.client().servers()["tiny-2"]["stot"] == before
    _wait_for(front, "tiny-2", "UP")
    assert _answered(front, 12)["tiny-2"] >= 4


def test_a_paused_instance_is_taken_out_too(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny)
    with tiny[0].pause():
        _wait_for(front, "tiny-1", "DOWN")
        assert _answered(front, 6) == {"tiny-2": 3, "tiny-3": 3}


def test_without_checks_and_retries_every_third_request_is_lost(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny, check=0, retries=0)
    with tiny[2].kill():
        assert _answered(front, 12) == {"tiny-1": 4, "tiny-2": 4, "5xx": 4}


@pytest.mark.parametrize(("method", "again"), [("GET", True), ("POST", False)])
def test_what_was_sent_and_may_have_been_done_is_not_tried_again(lab: Lab, tiny: Service, method: str, again: bool) -> None:
    front = lab.system("haproxy", calls=tiny, check=0)
    way = lab.link(front, tiny)
    with ThreadPoolExecutor(1) as user, contextlib.ExitStack() as broken:
        with way.cut():
            answer = user.submit(httpx.request, method, f"{front.url}/who", timeout=30.0)
            wait_for(lambda: _sum(front, "scur") == 1, "an instance has the request")
            way.latency(0.001).lift()  # a word with the proxy: what it was sent before, it has now
            broken.callback(way.reset().lift)
        assert answer.result().status_code in (502, 503)
        assert (_sum(front, "wretr") > 0) == again


def test_with_all_instances_gone_it_says_so(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny)
    with tiny.kill():
        for instance in tiny.instances:
            _wait_for(front, instance.name, "DOWN")
        assert front.get("/who").status_code == 503


def test_a_fault_on_its_link_is_on_the_way_to_every_instance(lab: Lab, tiny: Service) -> None:
    front = lab.system("haproxy", calls=tiny, check=0)
    with lab.link(front, tiny).error(status=418):
        assert _answered(front, 6) == {"4xx": 6}
    assert len(_answered(front, 6)) == 3


def test_what_it_cannot_do_is_a_sentence(lab: Lab, tiny: Service) -> None:
    with pytest.raises(ValueError, match="HAProxy is in front of nobody"):
        lab.system("haproxy")
    with pytest.raises(ValueError, match=r"does not know the balance “robin”.*roundrobin"):
        lab.system("haproxy", calls=tiny, balance="robin")
