"""Consul for real, on each substrate: one and three of it, a service registered and failing, its leader and its majority killed."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("consul"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def alone(lab: Lab) -> Service:
    return lab.system("consul")


@pytest.fixture(scope="module")
def cluster(lab: Lab) -> Service:
    return lab.system("consul", name="registry", instances=3)


def _put(client: httpx.Client, key: str, value: str) -> bool:
    """Whether the write was taken."""
    try:
        return client.put(f"/kv/{key}", content=value).text == "true"
    except httpx.HTTPError:
        return False


def _value(client: httpx.Client, key: str, how: str = "default") -> str | None:
    """What is read there, by "default" from the leader, "stale" from whoever is asked; None when nothing is."""
    answer = client.get(f"/kv/{key}", params={"raw": "", **({} if how == "default" else {how: ""})})
    return answer.text if answer.status_code == 200 else None


def _leader(cluster: Service) -> Instance:
    """The member that leads, as a running one says."""
    running = next(one for one in cluster.instances if one.running)
    peers: list[dict[str, Any]] = running.client().get("/operator/raft/configuration").json()["Servers"]
    name = next(peer["Node"] for peer in peers if peer["Leader"])
    return next(one for one in cluster.instances if one.name == name)


def _healthy(client: httpx.Client) -> list[str]:
    return [entry["Service"]["ID"] for entry in client.get("/health/service/stock", params={"passing": ""}).json()]


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    told = lab.system("consul", name="told")
    assert capsys.readouterr().out.startswith("told 1.")
    told.retire()


def test_a_service_that_says_nothing_more_is_healthy_no_more(alone: Service) -> None:
    client = alone.client()
    client.put("/agent/service/register", json={"Name": "stock", "ID": "stock-1", "Port": 8000, "Check": {"TTL": "2s"}})
    assert _healthy(client) == []
    client.put("/agent/check/pass/service:stock-1")
    assert _healthy(client) == ["stock-1"]
    assert wait_for(lambda: not _healthy(client), "its two seconds are over")


def test_who_waits_for_a_change_is_answered_when_there_is_one(alone: Service) -> None:
    client = alone.client()
    _put(client, "price", "120")
    index = client.get("/kv/price").headers["x-consul-index"]
    assert _put(client, "price", "90")
    assert client.get("/kv/price", params={"index": index, "wait": "10s"}).headers["x-consul-index"] != index


def test_what_one_member_takes_the_others_have(cluster: Service) -> None:
    first, *others = [member.client() for member in cluster.instances]
    assert _put(first, "stock", "7")
    assert [_value(other, "stock", "consistent") for other in others] == ["7", "7"]


def test_without_its_leader_the_others_elect_one_and_nothing_is_lost(cluster: Service) -> None:
    client = cluster.client()
    assert _put(client, "before", "kept")
    led = _leader(cluster)
    with led.kill():
        assert wait_for(lambda: _put(client, "after", "taken"), "a write is taken again", 30)
        assert _leader(cluster) is not led
        assert _value(client, "before") == "kept"
    assert wait_for(lambda: _value(led.client(), "after", "stale") == "taken", "the one that comes back has what it missed", 30)


def test_without_a_majority_no_write_is_taken_and_an_old_value_is_still_read(cluster: Service) -> None:
    last = cluster[2].client()
    assert _put(last, "price", "120")
    assert wait_for(lambda: _value(last, "price", "stale") == "120", "it has its copy")
    for member in cluster.instances[:2]:  # they stay away: where both come back with each other's address, Consul takes a minute
        member.kill()
    assert not _put(last, "price", "90")
    assert _value(last, "price", "stale") == "120"
