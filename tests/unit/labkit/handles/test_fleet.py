"""All that a lab runs, without processes: links, replacements, and going back to an earlier set-up."""

from __future__ import annotations

from collections.abc import Mapping
from types import SimpleNamespace

import pytest

from labkit.errors import Closed
from labkit.handles.plan import ServicePlan
from labkit.handles.service import Service
from labkit.substrates.substrate import Died
from labkit.systems.haproxy import Haproxy
from labkit.systems.system import System
from tests.unit.labkit.handles.fakes import World

STOCK = ServicePlan("stock", "shop.stock:app", instances=2)
ORDERS = ServicePlan("orders", "shop.orders:app", ("stock",))

BALANCER = ServicePlan("lb", "", ("stock",), instances=0, system=Haproxy())


def balancers(patch: pytest.MonkeyPatch) -> list[str]:
    """Have systems without a program; what is gathered here are the addresses of the stock that they are told."""
    told: list[str] = []

    def form(system: System, callees: Mapping[str, str]) -> SimpleNamespace:
        told.append(callees["stock"])
        return SimpleNamespace()

    patch.setattr("labkit.handles.formation.program_of", form)
    return told


def addresses(service: Service) -> list[str]:
    return [end.outside for end in service.endpoints]


def test_a_caller_is_told_the_address_of_its_link(world: World) -> None:
    stock = world.fleet.start(STOCK)
    world.fleet.start(ORDERS)
    link = world.fleet.link("orders", "stock")
    assert world.substrate.launches[-1][2]["STOCK_URL"] == link.url
    assert link.url != stock.url
    assert world.control.routes == {"users -> stock": addresses(stock), "orders -> stock": addresses(stock),
                                    "users -> orders": addresses(world.fleet.services["orders"])}


def test_a_link_that_is_not_there_is_told_with_those_that_are(world: World) -> None:
    world.fleet.start(STOCK)
    with pytest.raises(LookupError, match="stock does not call orders in this lab; the links are: users -> stock"):
        world.fleet.link("stock", "orders")


def test_a_replaced_service_keeps_its_handle_and_its_links(world: World) -> None:
    stock, orders = world.fleet.start(STOCK), world.fleet.start(ORDERS)
    link, url = world.fleet.link("orders", "stock"), stock.url
    assert world.fleet.start(ServicePlan("stock", "shop.stock:app", instances=1)) is stock
    assert world.substrate.running() == ["orders-1", "stock-1"]
    assert world.fleet.link("orders", "stock") is link
    assert stock.url == url
    assert world.control.routes["orders -> stock"] == addresses(stock)
    assert orders.running


def test_the_faults_of_a_replaced_service_are_over(world: World) -> None:
    stock = world.fleet.start(STOCK)
    faults = [stock.latency(1.0), stock[0].pause(), stock[1].kill(), stock.kill()]
    world.fleet.start(STOCK)
    assert not any(fault.active for fault in faults)
    assert world.substrate.running() == ["stock-1", "stock-2"]
    world.fleet.heal()
    assert world.substrate.running() == ["stock-1", "stock-2"]
    assert world.control.faults == {}


def test_a_link_that_the_new_plan_does_not_have_is_gone_with_its_faults(world: World) -> None:
    world.fleet.start(STOCK)
    world.fleet.start(ORDERS)
    slow = world.fleet.link("orders", "stock").latency(1.0)
    world.fleet.start(ServicePlan("orders", "shop.orders:app"))
    assert "orders -> stock" not in world.control.routes
    assert not slow.active
    with pytest.raises(LookupError):
        world.fleet.link("orders", "stock")


def test_an_unknown_callee_is_told_before_anything_is_ended(world: World) -> None:
    world.fleet.start(STOCK)
    world.fleet.start(ORDERS)
    with pytest.raises(LookupError, match="orders calls ghost, which does not run in this lab: run the cell that starts ghost"):
        world.fleet.start(ServicePlan("orders", "shop.orders:app", ("ghost",)))
    assert world.substrate.running() == ["stock-1", "stock-2", "orders-1"]


def test_a_service_that_could_not_be_replaced_is_not_taken_for_the_old_one(world: World) -> None:
    world.fleet.start(STOCK)
    setup = list(world.fleet.plans.values())
    world.substrate.fail = lambda process: process.end(1)
    world.well = lambda port: False
    with pytest.raises(Died):
        world.fleet.start(ServicePlan("stock", "shop.broken:app"))
    assert (world.fleet.services, world.fleet.plans) == ({}, {})
    world.substrate.fail, world.well = lambda process: None, lambda port: True
    world.fleet.restore(setup)
    assert world.substrate.running() == ["stock-1", "stock-2"]


def test_restoring_changes_only_what_is_different(world: World) -> None:
    world.fleet.start(STOCK)
    world.fleet.start(ORDERS)
    setup = list(world.fleet.plans.values())
    world.fleet.start(ServicePlan("orders", "shop.orders:app", ("stock",), settings={"threads": 2}))
    world.fleet.start(ServicePlan("payment", "shop.payment:app"))
    stock = world.fleet.services["stock"][0].pid
    world.fleet.restore(setup)
    assert sorted(world.substrate.running()) == ["orders-1", "stock-1", "stock-2"]
    assert world.fleet.services["stock"][0].pid == stock
    assert list(world.fleet.plans.values()) == [STOCK, ORDERS]


def test_a_handle_of_another_lab_is_told(world: World) -> None:
    stock = world.fleet.start(STOCK)
    world.fleet.require(stock)
    with pytest.raises(LookupError, match="This stock was started in an earlier lab"):
        world.fleet.require(Service("stock", lambda _: None, lambda _: None))
    with pytest.raises(LookupError, match=r"stock has no instance: have one with stock.scale\(1\)"):
        world.fleet.require(stock.scale(0))


def test_after_its_close_every_handle_says_so_and_no_fault_is_in_place(world: World) -> None:
    stock, orders = world.fleet.start(STOCK), world.fleet.start(ORDERS)
    link, faults = world.fleet.link("orders", "stock"), [stock.latency(1.0), stock[0].kill()]
    world.fleet.close()
    assert not any(fault.active for fault in faults)
    launches = len(world.substrate.launches)
    for use in (orders.get, orders.restart, stock[0].restart, stock[1].get, link.cut, stock.pause, lambda: stock.scale(3),
                lambda: world.fleet.start(STOCK), lambda: world.fleet.link("orders", "stock"), world.fleet.reset,
                lambda: world.fleet.restore([]), lambda: world.fleet.require(stock)):
        with pytest.raises(Closed):
            use()
    assert len(world.substrate.launches) == launches


def test_a_service_that_does_not_start_leaves_no_link(world: World) -> None:
    stock = world.fleet.start(STOCK)
    world.well = lambda port: False
    world.substrate.fail = lambda process: process.end(1)
    with pytest.raises(Died):
        world.fleet.start(ORDERS)
    assert list(world.control.routes) == ["users -> stock"]
    world.well, world.substrate.fail = lambda port: True, lambda process: None
    assert world.fleet.start(STOCK) is stock


def test_every_fault_is_lifted_though_one_cannot_be(world: World) -> None:
    stock = world.fleet.start(STOCK)
    faults = [stock[0].latency(1.0), stock[0].kill(), stock[1].latency(1.0)]
    world.well = lambda port: False
    world.substrate.fail = lambda process: process.end(1)
    with pytest.raises(Died):
        world.fleet.heal()
    assert not any(fault.active for fault in faults)
    assert world.control.faults == {}


def test_a_balancer_has_an_address_for_each_instance_which_stays(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    told = balancers(monkeypatch)
    stock = world.fleet.start(STOCK)
    world.fleet.start(BALANCER)
    one, two = stock.endpoints
    assert (world.control.routes["lb -> stock-1"], world.control.routes["lb -> stock-2"]) == ([one.outside], [two.outside])
    assert told[-1] == world.fleet.link("lb", "stock").url == "http://127.0.0.1:5002,127.0.0.1:5003"
    stock.scale(1)
    assert (world.control.routes["lb -> stock-1"], world.control.routes["lb -> stock-2"]) == ([one.outside], [])
    world.fleet.start(BALANCER)
    assert told[-1] == "http://127.0.0.1:5002"


def test_a_fault_on_a_balancers_link_is_on_the_way_to_every_instance_also_a_later_one(
        world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    balancers(monkeypatch)
    stock = world.fleet.start(STOCK)
    world.fleet.start(BALANCER)
    slow = world.fleet.link("lb", "stock").latency(1.0)
    stock.scale(3)
    assert [route for _, route, _ in world.control.faults.values()] == ["lb -> stock-1", "lb -> stock-2", "lb -> stock-3"]
    slow.lift()
    assert world.control.faults == {}
    world.fleet.start(ServicePlan("lb", "shop.orders:app", ("stock",)))
    assert [route for route in world.control.routes if route.startswith("lb ")] == ["lb -> stock"], "no balancer any more"
