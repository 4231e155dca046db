"""etcd for real, on each substrate: one and three of it, used over HTTP, its leader and then its majority killed."""

from __future__ import annotations

import base64
from typing import Any

import httpx
import pytest

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("etcd")


def _text(text: str) -> str:
    return base64.b64encode(text.encode()).decode()


def _put(client: httpx.Client, key: str, value: str) -> bool:
    """Whether the write was taken."""
    try:
        return client.post("/kv/put", json={"key": _text(key), "value": _text(value)}, timeout=3.0).status_code == 200
    except httpx.HTTPError:
        return False


def _value(client: httpx.Client, key: str, **options: Any) -> str | None:
    """What is read there; None when nothing is."""
    found = client.post("/kv/range", json={"key": _text(key), **options}).raise_for_status().json().get("kvs", [])
    return base64.b64decode(found[0]["value"]).decode() if found else None


def _client_of(instance: Instance) -> httpx.Client:
    return httpx.Client(base_url=f"{instance.url}/v3", timeout=5.0)


def _leader(cluster: Service) -> Instance:
    """The member that leads, as a running one says."""
    for instance in cluster.instances:
        if instance.running:
            status = _client_of(instance).post("/maintenance/status", json={}).raise_for_status().json()
            members = _client_of(instance).post("/cluster/member/list", json={}).raise_for_status().json()["members"]
            names = {member["ID"]: member["name"] for member in members}
            return next(one for one in cluster.instances if one.name == names[status["leader"]])
    raise AssertionError("no member runs")


@pytest.fixture(scope="module")
def cluster(lab: Lab) -> Service:
    return lab.system("etcd", name="registry", instances=3)


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    alone = lab.system("etcd")
    version = httpx.get(f"{alone.url}/version").json()["etcdserver"]
    assert capsys.readouterr().out.startswith(f"etcd {version}: 1 instance(s) at http://127.0.0.1:")


def test_what_one_member_takes_the_others_have(cluster: Service) -> None:
    first, *others = map(_client_of, cluster.instances)
    assert _put(first, "stock", "7")
    assert [_value(other, "stock") for other in others] == ["7", "7"]


def test_without_its_leader_the_others_elect_one_and_nothing_is_lost(cluster: Service) -> None:
    client = cluster.client()
    assert _put(client, "before", "kept")
    led = _leader(cluster)
    with led.kill():
        assert wait_for(lambda: _put(client, "after", "taken"), "a write is taken again")
        assert _leader(cluster) is not led
        assert _value(client, "before") == "kept"
    assert wait_for(lambda: _value(_client_of(led), "after") == "taken", "the one that comes back has what it missed")


def test_a_member_that_was_killed_has_kept_what_it_had(cluster: Service) -> None:
    member = cluster[0]
    assert _put(_client_of(member), "mine", "kept")
    member.restart()
    assert _value(_client_of(member), "mine", serializable=True) == "kept", "read from its own copy alone"


def test_without_a_majority_no_write_is_taken_and_an_old_value_is_still_read(cluster: Service) -> None:
    last = _client_of(cluster[2])
    assert _put(last, "price", "120")
    with cluster[0].kill(), cluster[1].kill():
        assert not _put(last, "price", "90")
        assert _value(last, "price", serializable=True) == "120"
    assert wait_for(lambda: _put(last, "price", "80"), "the majority is back")


def test_its_members_are_fixed_while_it_runs(cluster: Service) -> None:
    with pytest.raises(ValueError, match=r"registry is a cluster.*fixed when it starts.*\"etcd\", instances=4"):
        cluster.scale(4)
    assert len(cluster.instances) == 3


def test_started_anew_it_has_forgotten_everything(lab: Lab) -> None:
    assert _put(lab.system("etcd").client(), "stock", "7")
    assert _value(lab.system("etcd").client(), "stock") is None
