"""Hazelcast for real, on each substrate: two members, a map with backups, one of them killed."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hazelcast.client import HazelcastClient

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("hazelcast", "java"), pytest.mark.timeout(600)]
ENTRIES = {f"item-{number}": f"value {number}" for number in range(100)}


@pytest.fixture(scope="module")
def grid(lab: Lab) -> Service:
    return lab.system("hazelcast", name="grid", instances=2)


@pytest.fixture
def client(grid: Service) -> Iterator[HazelcastClient]:
    one = grid.client()
    yield one
    one.shutdown()


def _entries(client: HazelcastClient, name: str) -> dict[Any, Any]:
    return dict(client.get_map(name).blocking().entry_set())


def test_what_one_client_puts_another_gets_from_either_member(grid: Service, client: HazelcastClient) -> None:
    client.get_map("shared").blocking().put_all(ENTRIES)
    for member in grid.instances:
        other = member.client()
        assert _entries(other, "shared") == ENTRIES
        other.shutdown()


def test_an_entry_is_gone_after_its_time_to_live(client: HazelcastClient) -> None:
    short = client.get_map("short").blocking()
    short.put("cups", 3, ttl=1)
    assert wait_for(lambda: short.get("cups") is None, "it has expired")


def test_a_killed_member_loses_nothing_that_has_a_backup(grid: Service, client: HazelcastClient) -> None:
    client.get_map("backed").blocking().put_all(ENTRIES)
    with grid[1].kill():
        survivor = grid[0].client()
        assert wait_for(lambda: len(survivor.cluster_service.get_members()) == 1, "the other is out", 30)
        assert _entries(survivor, "backed") == ENTRIES
        survivor.shutdown()
    assert wait_for(lambda: len(client.cluster_service.get_members()) == 2, "it is in again", 60)


def test_without_backups_a_killed_members_entries_are_lost_and_only_those(lab: Lab, grid: Service) -> None:
    grid.retire()
    bare = lab.system("hazelcast", instances=2, backups=0)
    survivor = bare[0].client()
    survivor.get_map("bare").blocking().put_all(ENTRIES)
    with bare[1].kill():
        assert wait_for(lambda: len(survivor.cluster_service.get_members()) == 1, "the other is out", 30)
        left = _entries(survivor, "bare")
        assert 0 < len(left) < len(ENTRIES)
        assert left.items() <= ENTRIES.items()
        survivor.shutdown()
