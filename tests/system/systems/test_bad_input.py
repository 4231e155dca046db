"""A system that cannot be started gets a sentence with the cause and the remedy, and nothing of it is left."""

from __future__ import annotations

import socket
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import pytest

from labkit import Lab
from labkit.substrates.program import Place
from labkit.substrates.substrate import Died
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.etcd import Etcd

pytestmark = [pytest.mark.needs("etcd"), pytest.mark.needs("redis")]


@dataclass(frozen=True)
class Strangers(Etcd):
    """Members that were told wrong ports of each other, and get little time."""

    start_seconds: ClassVar[float] = 3.0

    seconds: ClassVar[float] = 3.0

    def _command(self, place: Place) -> Sequence[str]:
        told = ",".join(f"{one.name}=http://{one.at('peer') if one is place.me else f'{one.host}:{number}'}"
                        for number, one in enumerate(place.members, start=1))
        return [f"--initial-cluster={told}" if part.startswith("--initial-cluster=") else part for part in super()._command(place)]


def test_one_that_dies_at_its_start_says_why(lab: Lab) -> None:
    with pytest.raises(Died, match=r"(?s)maxmemory.*redis-1 ended while it started.*Mend what its log says"):
        lab.system("redis", memory="a lot")
    assert lab.system("redis").client().ping(), "and the next one starts"


def test_a_cluster_that_does_not_find_itself_says_so(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SYSTEMS, "etcd", Strangers)
    with pytest.raises(Died, match=r"etcd-1 did not find the others of its cluster of 3, or they did not agree, within 3 s"):
        lab.system("etcd", instances=3)
    with pytest.raises(LookupError, match="does not call etcd"):
        lab.link("users", "etcd")


@pytest.mark.parametrize("lab", ["process"], indirect=True)
def test_the_ports_of_a_system_are_held_while_it_is_down(lab: Lab) -> None:
    store = lab.system("redis")
    with store.kill(), socket.socket() as other, pytest.raises(OSError, match="in use"):
        other.bind(store[0].endpoint.here)
    assert store.client().ping()


@pytest.mark.parametrize("lab", ["process"], indirect=True)
def test_started_again_where_another_listens_it_says_what_is_in_its_way(lab: Lab) -> None:
    store = lab.system("redis")
    killed = store.kill()
    with socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(store[0].endpoint.here)
        other.listen()
        with pytest.raises(Died, match=r"(?s)Address already in use.*redis-1 ended while it started"):
            killed.lift()
    store.restart()
    assert store.client().ping()
