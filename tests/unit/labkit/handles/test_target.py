"""Every fault can be named on every target, at once or planned."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from labkit.faults.bandwidth import Bandwidth
from labkit.faults.cut import Cut
from labkit.faults.error import ErrorRate
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.latency import Latency
from labkit.faults.reset import Reset
from labkit.handles.link import Link
from labkit.substrates.substrate import Endpoint
from tests.unit.labkit.handles.fakes import World

FAULTS: list[tuple[Callable[..., Injection], tuple[float, ...], Fault]] = [
    (Link.latency, (3.0, 0.5), Latency(3.0, 0.5)), (Link.bandwidth, (1000.0,), Bandwidth(1000.0)),
    (Link.error, (0.5, 500), ErrorRate(0.5, 500)), (Link.cut, (), Cut()), (Link.reset, (0.5,), Reset(0.5)),
]


@pytest.fixture
def link(world: World) -> Link:
    return Link("orders", "stock", [Endpoint("127.0.0.1:1", "127.0.0.1:1")], world.wiring, world.fleet.faults.append)


@pytest.mark.parametrize(("name", "settings", "fault"), FAULTS)
def test_a_named_fault_is_in_place_at_once_and_remembered(world: World, link: Link, name: Callable[..., Injection],
                                                         settings: tuple[float, ...], fault: Fault) -> None:
    injection = name(link, *settings)
    assert injection.fault == fault
    assert injection.active
    assert list(world.control.faults.values()) == [(fault.name, "orders -> stock", None)]
    world.fleet.heal()
    assert world.control.faults == {}


@pytest.mark.parametrize(("name", "settings", "fault"), FAULTS)
def test_a_planned_fault_is_not_in_place_yet(world: World, link: Link, name: Callable[..., Injection],
                                             settings: tuple[float, ...], fault: Fault) -> None:
    injection = name(link, *settings, at=1.0, until=2.0)
    assert (injection.at, injection.until, injection.active) == (1.0, 2.0, False)
    assert world.control.faults == {}


def test_a_link_that_is_taken_away_has_no_faults(world: World, link: Link) -> None:
    slow = link.latency(1.0)
    link.close()
    assert not slow.active
    assert world.control.routes == {}
