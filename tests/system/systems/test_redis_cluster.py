"""Redis Cluster for real, on each substrate: keys over three members, one of them killed, its keys gone and back."""

from __future__ import annotations

import threading
from typing import Any

import pytest
import redis

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("redis")
KEYS = [f"item-{number}" for number in range(60)]
REFUSED = (redis.RedisError, OSError)  # as the client has it: down, a time-out, no connection


@pytest.fixture(scope="module")
def partial(lab: Lab) -> Service:
    """One that answers for the slots that it still has."""
    cluster = lab.system("redis-cluster", name="partial", instances=3, full_coverage=False)
    _fill(cluster)
    return cluster


def _fill(cluster: Service) -> None:
    client = cluster.client()
    for key in KEYS:
        client.set(key, f"value of {key}")


def _value(cluster: Service, key: str) -> Any:
    """What a new client reads; None when that is refused."""
    try:
        return cluster.client().get(key)
    except REFUSED:
        return None


def _views(cluster: Service) -> str:
    """What each member knows of all."""
    return "\n".join(f"{member.name} at {member.endpoint.inside}:\n{_view(member)}" for member in cluster.instances)


def _view(member: Instance) -> Any:
    try:
        with redis.Redis(port=member.port, decode_responses=True) as client:
            return client.execute_command("CLUSTER", "NODES")
    except REFUSED as refusal:
        return refusal


def _keys_of(member: Instance) -> set[str]:
    with redis.Redis(port=member.port, decode_responses=True) as client:
        return set(client.keys())


def test_each_key_is_with_one_member_and_every_member_has_some(partial: Service) -> None:
    shares = [_keys_of(member) for member in partial.instances]
    assert all(shares)
    assert sum(map(len, shares)) == len(KEYS)
    assert set.union(*shares) == set(KEYS)


def test_a_member_sends_whoever_asks_for_anothers_key_there(partial: Service) -> None:
    first, second = partial.instances[:2]
    with redis.Redis(port=first.port) as client, pytest.raises(redis.ResponseError, match=rf":{second.port}$"):
        client.get(min(_keys_of(second)))


def test_a_service_in_the_labs_network_is_led_to_the_right_member(lab: Lab, partial: Service) -> None:
    cluster = lab.system("redis-cluster", instances=3)
    _fill(cluster)
    shelf = lab.service("shelf", calls=cluster)
    assert [shelf.get(f"/by-cluster/{key}").json() for key in KEYS[:12]] == [f"value of {key}" for key in KEYS[:12]]


def test_without_a_member_its_keys_are_refused_and_the_others_answered(partial: Service) -> None:
    lost, kept = _keys_of(partial[1]), _keys_of(partial[0]) | _keys_of(partial[2])
    with partial[1].kill():
        assert {_value(partial, key) for key in sorted(lost)[:3]} == {None}
        assert all(_value(partial, key) == f"value of {key}" for key in sorted(kept)[:12])
    for key in sorted(lost)[:3]:
        assert wait_for(lambda key=key: _value(partial, key) == f"value of {key}", "it is back with what it had",
                        look=lambda: _views(partial))


def test_a_member_that_is_silent_when_they_meet_is_met_again(lab: Lab) -> None:
    cluster = lab.system("redis-cluster", instances=3)
    for member in cluster.instances:
        with redis.Redis(port=member.port) as client:
            client.execute_command("CLUSTER", "RESET", "HARD")
    with cluster[2].pause() as silence:
        threading.Timer(6.0, silence.lift).start()
        cluster.form()
    _fill(cluster)


def test_with_full_coverage_a_lost_member_is_the_end_of_all_until_it_is_back(lab: Lab) -> None:
    cluster = lab.system("redis-cluster", instances=3)
    _fill(cluster)
    key = min(_keys_of(cluster[0]))
    with cluster[2].kill(), redis.Redis(port=cluster[0].port) as survivor:
        def is_down() -> bool:
            try:
                return not survivor.get(key)
            except redis.ResponseError as error:
                return "down" in str(error).lower()
        assert wait_for(is_down, "the survivor says that the cluster is down")
    assert wait_for(lambda: _value(cluster, key) == f"value of {key}", "it is whole again", look=lambda: _views(cluster))


def test_all_restarted_at_once_they_find_each_other_and_have_kept_all(partial: Service) -> None:
    partial.restart()
    client = partial.client()
    assert [client.get(key) for key in KEYS] == [f"value of {key}" for key in KEYS]
