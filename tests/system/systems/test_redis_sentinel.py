"""Redis with replicas and Sentinels for real, on each substrate: replicated, its primary killed, a replica in its place."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
import redis
from redis.sentinel import MasterNotFoundError, Sentinel

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("redis")


@pytest.fixture(scope="module")
def store(lab: Lab) -> Service:
    return lab.system("redis", name="stock-store", instances=3)


@pytest.fixture(scope="module")
def sentinels(lab: Lab, store: Service) -> Service:
    return lab.system("redis-sentinel", calls=store, instances=3)


def _primaries(store: Service) -> list[Instance]:
    """All that say they are one."""
    return [one for one in store.instances if one.running and _said(one, lambda client: client.role()[0]) == "master"]


def _primary(store: Service) -> Instance:
    """The one, once there is one only: an old one says for a while that it still is."""
    return wait_for(lambda: _primaries(store)[0] if len(_primaries(store)) == 1 else None, "one is the primary", 30)


def _named(sentinel: Sentinel) -> int | None:
    """The port of the primary that it names; None while it finds that one gone."""
    try:
        return int(sentinel.discover_master("stock-store")[1])
    except MasterNotFoundError:
        return None


def _read(instance: Instance, key: str) -> Any:
    return _said(instance, lambda client: client.get(key))


def _said(instance: Instance, ask: Callable[[redis.Redis], Any]) -> Any:
    return _done(lambda: ask(instance.client()))


def _done(ask: Callable[[], Any]) -> Any:
    """What is answered; None while nothing is: whoever changes sides closes its connections."""
    try:
        return ask()
    except (redis.ConnectionError, redis.TimeoutError, redis.ReadOnlyError):
        return None


def test_replicas_have_what_the_primary_took_and_refuse_writes(store: Service) -> None:
    first, *replicas = [instance.client() for instance in store.instances]
    first.set("cups", 3)
    assert first.wait(2, 5000) == 2
    assert [replica.get("cups") for replica in replicas] == ["3", "3"]
    with pytest.raises(redis.ReadOnlyError):
        replicas[0].set("cups", 4)


def test_its_address_leads_to_the_primary_alone(store: Service) -> None:
    assert {store.client().info("server")["run_id"] for _ in range(6)} == {store[0].client().info("server")["run_id"]}


def test_a_replica_that_was_killed_catches_up(store: Service) -> None:
    with store[2].kill():
        store.client().set("plates", 5)
    assert wait_for(lambda: _read(store[2], "plates") == "5", "it has what it missed")


def test_all_sentinels_name_the_same_primary_and_its_replicas(store: Service, sentinels: Service) -> None:
    assert {one.client().discover_master("stock-store") for one in sentinels.instances} == {("127.0.0.1", store[0].port)}
    assert set(sentinels.client().discover_slaves("stock-store")) == {("127.0.0.1", one.port) for one in store.instances[1:]}


def test_a_service_in_the_labs_network_finds_the_primary_too(lab: Lab, store: Service, sentinels: Service) -> None:
    store.client().set("bowls", 7)
    shelf = lab.service("shelf", calls=sentinels)
    assert shelf.get("/by-sentinel/stock-store/bowls").json() == "7"


def test_a_killed_primary_is_replaced_and_what_was_acknowledged_is_there(store: Service, sentinels: Service) -> None:
    old, client = store[0], sentinels.client()
    clients_view = client.master_for("stock-store")
    clients_view.set("forks", 11)
    assert clients_view.wait(2, 5000) == 2
    with old.kill():
        assert wait_for(lambda: _named(client) not in (None, old.port), "the Sentinels name another", 30)
        assert wait_for(lambda: _done(lambda: clients_view.get("forks") == "11"), "the client finds it, with all that it had", 30)
        assert wait_for(lambda: _done(lambda: clients_view.set("knives", 13)), "and it takes more")
    assert wait_for(lambda: _read(old, "knives") == "13", "the old primary is a replica of the new one", 30)
    assert _primary(store) not in (old, None)  # on a busy machine it may be the third by now


def test_without_most_sentinels_nobody_takes_over(store: Service, sentinels: Service) -> None:
    last, primary = sentinels[2], _primary(store)
    led = primary.port
    with sentinels[0].kill(), sentinels[1].kill(), primary.kill():
        control = redis.Redis(port=last.port, decode_responses=True)
        assert wait_for(lambda: "s_down" in control.sentinel_master("stock-store")["flags"], "the last Sentinel finds it gone")
        assert int(control.sentinel_get_master_addr_by_name("stock-store")[1]) == led, "and names it still"
        assert _primaries(store) == []


def test_a_sentinel_without_a_redis_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match=r"watches nobody.*calls=redis"):
        lab.system("redis-sentinel", name="idle")
    with pytest.raises(ValueError, match=r"watches nobody.*calls=redis"):
        lab.system("redis-sentinel", name="idle", calls=lab.service("tiny"))


def test_its_members_are_fixed_while_it_runs(store: Service) -> None:
    with pytest.raises(ValueError, match=r"stock-store is a cluster.*\"redis\", instances=4"):
        store.scale(4)
