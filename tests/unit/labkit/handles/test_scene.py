"""Where a load took place: what it could reach, callers first, and what the breakers did."""

from __future__ import annotations

import json

import pytest

from labkit.handles.plan import ServicePlan
from labkit.handles.scene import scene
from labkit.measure.machine import machine
from labkit.measure.recording import Change
from tests.unit.labkit.handles.fakes import World

ZERO = 1000.0


@pytest.fixture
def shop(world: World) -> World:
    """storefront -> orders (two instances) -> stock and payment, started callees first; and one that nobody calls."""
    for plan in (ServicePlan("payment", "a:a"), ServicePlan("stock", "a:a"), ServicePlan("users_api", "a:a"),
                 ServicePlan("orders", "a:a", ("stock", "payment"), 2), ServicePlan("storefront", "a:a", ("orders",))):
        world.fleet.start(plan)
    return world


def log(world: World, instance: str, *entries: dict[str, object]) -> None:
    world.process(instance).text += "".join(json.dumps({"instance": instance, **entry}) + "\n" for entry in entries)


def breaker(at: float, to: str, callee: str = "stock") -> dict[str, object]:
    return {"event": "breaker", "at": at, "callee": callee, "from": "?", "to": to}


def test_it_has_what_the_load_can_reach_callers_first(shop: World) -> None:
    found = scene(shop.fleet, "storefront", ZERO)
    assert list(found.instances.items()) == [("storefront", 1), ("orders", 2), ("stock", 1), ("payment", 1)]
    assert found.links == (("users", "storefront"), ("storefront", "orders"), ("orders", "stock"), ("orders", "payment"))
    assert found.machine == machine()


def test_a_callee_that_was_started_anew_still_comes_after_its_callers(shop: World) -> None:
    shop.fleet.start(ServicePlan("stock", "a:a"))
    assert list(scene(shop.fleet, "orders", ZERO).instances) == ["orders", "stock", "payment"]


def test_services_that_call_each_other_are_each_there_once(world: World) -> None:
    world.fleet.start(ServicePlan("a", "a:a"))
    world.fleet.start(ServicePlan("b", "a:a", ("a",)))
    world.fleet.start(ServicePlan("a", "a:a", ("b",)))
    assert list(scene(world.fleet, "a", ZERO).instances) == ["a", "b"]


def test_the_breakers_changes_count_from_second_0_in_order_of_time(shop: World) -> None:
    log(shop, "orders-1", breaker(999.0, "open"), breaker(1002.5, "open"), breaker(1003.0, "half-open"))
    log(shop, "storefront-1", breaker(1002.75, "open", "orders"))
    assert scene(shop.fleet, "storefront", ZERO).changes == (
        Change(2.5, "orders", "stock", "open"), Change(2.75, "storefront", "orders", "open"),
        Change(3.0, "orders", "stock", "half-open"))


def test_a_process_that_was_started_anew_has_a_closed_breaker_and_what_the_old_one_did_is_kept(shop: World) -> None:
    log(shop, "orders-1", {"event": "started", "at": 990.0}, breaker(1002.0, "open"))
    shop.fleet.services["orders"][0].restart()
    log(shop, "orders-1", {"event": "started", "at": 1004.0}, breaker(1005.0, "open"))
    assert [(change.at, change.state) for change in scene(shop.fleet, "storefront", ZERO).changes] == [
        (2.0, "open"), (4.0, "closed"), (5.0, "open")]


@pytest.mark.parametrize(("session", "lab"), [
    ("/home/me/labs/avalanche_1_collapse.ipynb", "avalanche_1_collapse"), ("labs/zh-Hant/x.ipynb", "x"), (None, None)])
def test_the_notebook_is_known_from_jupyter(
        shop: World, monkeypatch: pytest.MonkeyPatch, session: str | None, lab: str | None) -> None:
    monkeypatch.delenv("JPY_SESSION_NAME", raising=False)
    if session is not None:
        monkeypatch.setenv("JPY_SESSION_NAME", session)
    assert scene(shop.fleet, "storefront", ZERO).lab == lab
