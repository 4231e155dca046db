"""Prometheus for real, on each substrate: it scrapes services, answers PromQL, and its alerts reach Alertmanager."""

from __future__ import annotations

import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("prometheus", "alertmanager")


@pytest.fixture
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=2, threads=7)


def _found(prometheus: Service, query: str) -> dict[str, float]:
    """The values that the query finds now, by instance."""
    answer = prometheus.client().get("/query", params={"query": query}).raise_for_status().json()
    return {one["metric"].get("instance", ""): float(one["value"][1]) for one in answer["data"]["result"]}


def _wait_for(prometheus: Service, query: str, found: dict[str, float]) -> None:
    wait_for(lambda: _found(prometheus, query) == found, f"{query} is {found}", 20)


def test_its_start_is_told_with_its_version(lab: Lab, tiny: Service, capsys: pytest.CaptureFixture[str]) -> None:
    prometheus = lab.system("prometheus", calls=tiny)
    version = prometheus.client().get("/status/buildinfo").json()["data"]["version"].partition("+")[0]
    assert f"prometheus {version}: 1 instance(s) at http://127.0.0.1:" in capsys.readouterr().out


def test_every_instance_is_asked_and_found_under_its_name(lab: Lab, tiny: Service) -> None:
    prometheus = lab.system("prometheus", calls=tiny)
    _wait_for(prometheus, 'pool_threads_total{job="tiny"}', {"tiny-1": 7.0, "tiny-2": 7.0})
    assert _found(prometheus, "sum(pool_threads_total)") == {"": 14.0}


def test_a_killed_instance_counts_as_down_and_as_up_when_it_is_back(lab: Lab, tiny: Service) -> None:
    prometheus = lab.system("prometheus", calls=tiny)
    _wait_for(prometheus, "up", {"tiny-1": 1.0, "tiny-2": 1.0})
    with tiny[1].kill():
        _wait_for(prometheus, "up", {"tiny-1": 1.0, "tiny-2": 0.0})
    _wait_for(prometheus, "up", {"tiny-1": 1.0, "tiny-2": 1.0})


def test_what_it_has_collected_is_there_after_a_kill(lab: Lab, tiny: Service) -> None:
    prometheus = lab.system("prometheus", calls=tiny)
    _wait_for(prometheus, "count_over_time(up[1h]) >= bool 3", {"tiny-1": 1.0, "tiny-2": 1.0})
    tiny.kill()
    _wait_for(prometheus, "up", {"tiny-1": 0.0, "tiny-2": 0.0})
    prometheus.kill().lift()
    assert all(count >= 2 for count in _found(prometheus, "sum_over_time(up[1h])").values()), "it knows that they were up"
    assert len(_found(prometheus, "sum_over_time(up[1h])")) == 2


def test_an_alert_reaches_alertmanager_and_whom_that_tells(lab: Lab, tiny: Service) -> None:
    webhook = lab.service("webhook")
    manager = lab.system("alertmanager", calls=webhook)
    prometheus = lab.system("prometheus", calls=[tiny, manager], alerts={"InstanceDown": 'up{job="tiny"} == 0'})
    _wait_for(prometheus, "up", {"tiny-1": 1.0, "tiny-2": 1.0})
    assert webhook.get("/received").json() == []
    with tiny[0].kill():
        message, = wait_for(lambda: webhook.get("/received").json(), "the alert is told", 30)
    alert, = message["alerts"]
    assert (alert["labels"]["alertname"], alert["labels"]["instance"], alert["status"]) == ("InstanceDown", "tiny-1", "firing")
    assert wait_for(lambda: [one["status"] for one in webhook.get("/received").json()][-1] == "resolved", "its end is told", 30)


def test_a_rule_that_it_does_not_understand_is_told_with_its_words(lab: Lab, tiny: Service) -> None:
    with pytest.raises(RuntimeError, match=r"(?s)parse error.*prometheus-1 ended while it started"):
        lab.system("prometheus", calls=tiny, alerts={"Down": "up == "})
