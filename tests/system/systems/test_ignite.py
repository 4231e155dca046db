"""Ignite for real, on each substrate: two nodes, caches with and without a backup, one node killed."""

from __future__ import annotations

import pytest
from pyignite import Client
from pyignite.datatypes.prop_codes import PROP_BACKUPS_NUMBER, PROP_NAME

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("ignite", "java"), pytest.mark.timeout(600)]
ENTRIES = {f"item-{number}": number for number in range(100)}


@pytest.fixture(scope="module")
def grid(lab: Lab) -> Service:
    return lab.system("ignite", name="grid", instances=2)


def _put(client: Client, name: str, backups: int) -> None:
    client.get_or_create_cache({PROP_NAME: name, PROP_BACKUPS_NUMBER: backups}).put_all(ENTRIES)


def _entries(client: Client, name: str) -> dict[str, int]:
    return dict(client.get_cache(name).get_all(list(ENTRIES)))


def test_what_one_node_takes_the_other_has(grid: Service) -> None:
    one, two = (node.client() for node in grid.instances)
    _put(one, "shared", backups=0)
    assert _entries(two, "shared") == ENTRIES


def test_compare_and_set_lets_one_of_two_win(grid: Service) -> None:
    one, two = (node.client().get_or_create_cache("stock") for node in grid.instances)
    one.put("cups", 3)
    assert one.replace_if_equals("cups", 3, 2)
    assert not two.replace_if_equals("cups", 3, 2)
    assert two.get("cups") == 2


def test_a_killed_node_loses_nothing_that_has_a_backup_and_something_that_has_none(grid: Service) -> None:
    survivor = grid[0].client()
    _put(survivor, "backed", backups=1)
    _put(survivor, "bare", backups=0)
    with grid[1].kill():
        assert _entries(survivor, "backed") == ENTRIES
        left = _entries(survivor, "bare")
        assert 0 < len(left) < len(ENTRIES)
        assert _entries(survivor, "backed") == ENTRIES
    assert wait_for(lambda: _entries(grid[1].client(), "backed") == ENTRIES, "the one that comes back has its share again", 30)
