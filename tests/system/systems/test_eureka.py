"""Eureka for real, on each substrate: one and two peers, leases renewed and run out, one peer killed and back."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("eureka", "java"), pytest.mark.timeout(600)]
LONG = 600  # seconds of a lease that no test outlasts


@pytest.fixture(scope="module")
def alone(lab: Lab) -> Service:
    return lab.system("eureka")


@pytest.fixture(scope="module")
def peers(lab: Lab) -> Service:
    """Two, which preserve themselves as Eureka does by default."""
    return lab.system("eureka", name="registry", instances=2, self_preservation=True)


def _register(client: httpx.Client, app: str, instance: str, lease: int = LONG) -> None:
    """As an instance of ``app`` does when it starts; ``lease`` in seconds."""
    about: dict[str, Any] = {
        "instanceId": instance, "app": app, "hostName": f"{instance}.test", "ipAddr": "127.0.0.1", "status": "UP",
        "port": {"$": 8000, "@enabled": "true"}, "leaseInfo": {"durationInSecs": lease},
        "dataCenterInfo": {"@class": "com.netflix.appinfo.InstanceInfo$DefaultDataCenterInfo", "name": "MyOwn"}}
    assert client.post(f"/apps/{app}", json={"instance": about}).status_code == 204


def _renew(client: httpx.Client, app: str, instance: str) -> int:
    """The status of the answer: 404 says that it is to register again."""
    return client.put(f"/apps/{app}/{instance}").status_code


def _known(client: httpx.Client, app: str) -> dict[str, str]:
    """The instances of ``app``, each with its status."""
    answer = client.get(f"/apps/{app}")
    found = answer.json()["application"]["instance"] if answer.status_code == 200 else []
    return {one["instanceId"]: one["status"] for one in found}


def test_it_is_the_version_that_is_pinned(alone: Service) -> None:
    assert alone.title == "eureka 5.0.2"


def test_an_instance_that_registers_is_found_with_its_address_until_it_leaves(alone: Service) -> None:
    client = alone.client()
    assert client.get("/apps").json()["applications"]["application"] == []
    _register(client, "STOCK", "stock-1")
    found, = client.get("/apps/STOCK").raise_for_status().json()["application"]["instance"]
    assert (found["hostName"], found["port"]["$"], found["status"]) == ("stock-1.test", 8000, "UP")
    assert client.delete("/apps/STOCK/stock-1").status_code == 200
    assert _known(client, "STOCK") == {}


def test_one_that_is_taken_out_of_service_is_still_there_and_not_up(alone: Service) -> None:
    client = alone.client()
    _register(client, "ORDERS", "orders-1")
    client.put("/apps/ORDERS/orders-1/status", params={"value": "OUT_OF_SERVICE"}).raise_for_status()
    assert _renew(client, "ORDERS", "orders-1") == 200
    assert _known(client, "ORDERS") == {"orders-1": "OUT_OF_SERVICE"}
    client.delete("/apps/ORDERS/orders-1/status", params={"value": "UP"}).raise_for_status()
    assert _known(client, "ORDERS") == {"orders-1": "UP"}


def test_a_lease_that_is_renewed_goes_on_and_one_that_is_not_runs_out(alone: Service) -> None:
    client = alone.client()
    for instance in ("silent", "talking"):
        _register(client, "PAYMENTS", instance, lease=2)
    renewals = []

    def silent_is_gone() -> bool:
        renewals.append(_renew(client, "PAYMENTS", "talking"))
        return "silent" not in _known(client, "PAYMENTS")

    assert wait_for(silent_is_gone, "the lease has run out", 30)
    assert set(renewals) == {200}
    assert _known(client, "PAYMENTS") == {"talking": "UP"}
    assert _renew(client, "PAYMENTS", "silent") == 404


def test_one_that_preserves_itself_keeps_a_lease_that_nobody_renews_while_another_sees_three_run_out(
        alone: Service, peers: Service) -> None:
    clients = [peer.client() for peer in peers.instances]
    _register(clients[0], "PRICES", "prices-1", lease=1)
    assert wait_for(lambda: "prices-1" in _known(clients[1], "PRICES"), "both know it", 30)
    for _ in range(3):
        _register(alone.client(), "PRICES", "prices-1", lease=1)
        assert wait_for(lambda: _known(alone.client(), "PRICES") == {}, "it has run out", 30)
    assert [_known(client, "PRICES") for client in clients] == [{"prices-1": "UP"}] * 2


def test_what_one_peer_is_told_the_other_knows(peers: Service) -> None:
    one, other = (peer.client() for peer in peers.instances)
    _register(one, "STOCK", "stock-1")
    _register(other, "STOCK", "stock-2")
    for client in (one, other):
        assert wait_for(lambda client=client: set(_known(client, "STOCK")) == {"stock-1", "stock-2"}, "it knows both", 30)
    assert one.delete("/apps/STOCK/stock-2").status_code == 200
    assert wait_for(lambda: set(_known(other, "STOCK")) == {"stock-1"}, "it knows that the one has left", 30)


def test_without_a_peer_the_other_goes_on_and_the_one_that_comes_back_learns_all(peers: Service) -> None:
    killed, left = peers.instances
    for instance in ("talking", "silent"):
        _register(killed.client(), "ORDERS", instance)
    assert wait_for(lambda: set(_known(left.client(), "ORDERS")) == {"talking", "silent"}, "both know both", 30)
    with killed.kill():
        assert _known(left.client(), "ORDERS") == {"talking": "UP", "silent": "UP"}
        assert _renew(left.client(), "ORDERS", "talking") == 200
        _register(left.client(), "ORDERS", "new")
    everyone = {"talking", "silent", "new"}
    assert wait_for(lambda: set(_known(killed.client(), "ORDERS")) == everyone, "it has learnt them all", 60)
    _register(left.client(), "ORDERS", "later")
    assert wait_for(lambda: "later" in _known(killed.client(), "ORDERS"), "it is told of news again", 60)


def test_a_peer_that_hung_is_told_what_it_has_missed(peers: Service) -> None:
    one, other = (peer.client() for peer in peers.instances)
    with peers[1].pause():
        _register(one, "PAUSED", "paused-1")
        assert _known(one, "PAUSED") == {"paused-1": "UP"}
    assert wait_for(lambda: _known(other, "PAUSED") == {"paused-1": "UP"}, "it is told", 60)
