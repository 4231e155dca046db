"""A service, without processes: how it scales, and that a failed start changes nothing."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labkit.handles.plan import ServicePlan
from labkit.handles.service import Service
from labkit.substrates.substrate import Died, Endpoint
from tests.unit.labkit.handles.fakes import FakeProcess, World

STOCK = ServicePlan("stock", "shop.stock:app", instances=2)


@pytest.fixture
def stock(world: World) -> Service:
    """Two instances."""
    return world.fleet.start(STOCK)


def test_more_instances_are_started_side_by_side_and_then_lead_to(world: World, stock: Service) -> None:
    world.told.clear()
    stock.scale(4)
    assert world.told == ["launch stock-3", "launch stock-4", "lead users -> stock"]
    assert world.control.routes["users -> stock"] == [end.outside for end in stock.endpoints]
    assert len(stock.endpoints) == 4


def test_callers_are_led_elsewhere_before_an_instance_ends(world: World, stock: Service) -> None:
    """The other way round, whoever comes in between is refused."""
    world.told.clear()
    stock.scale(1)
    assert world.told == ["lead users -> stock", "SIGKILL stock-2"]
    assert world.control.routes["users -> stock"] == [stock[0].endpoint.outside]


def test_a_start_that_fails_ends_all_that_was_started_for_it_and_no_other(world: World, stock: Service) -> None:
    def fail(process: FakeProcess) -> None:
        if process.name == "stock-4":
            process.end(1)
            world.well = lambda port: False

    world.substrate.fail = fail
    with pytest.raises(Died):
        stock.scale(4)
    assert world.substrate.running() == ["stock-1", "stock-2"]
    assert world.control.routes["users -> stock"] == [end.outside for end in stock.endpoints]
    assert len(stock.instances) == 2


def test_an_interrupted_start_ends_all_that_was_started_for_it(world: World, stock: Service) -> None:
    def interrupt(port: int) -> bool:
        raise KeyboardInterrupt

    world.well = interrupt
    with pytest.raises(KeyboardInterrupt):
        stock.scale(3)
    assert world.substrate.running() == ["stock-1", "stock-2"]


def test_fewer_than_none_cannot_be(stock: Service) -> None:
    with pytest.raises(ValueError, match="-1 instances cannot be; use 0 or more"):
        stock.scale(-1)


def test_a_fault_on_the_service_is_a_fault_on_each_instance(world: World, stock: Service) -> None:
    with stock.pause():
        assert [instance.paused for instance in stock.instances] == [True, True]
    assert [instance.paused for instance in stock.instances] == [False, False]
    kill = stock.kill()
    assert not stock.running
    kill.lift()
    assert sorted(world.substrate.running()) == ["stock-1", "stock-2"]


def test_a_restart_or_a_resume_lifts_what_it_undoes(stock: Service) -> None:
    kill = stock.kill()
    stock.restart()
    assert not kill.active
    pause = stock.pause()
    stock.resume()
    assert not pause.active


def test_all_are_ended_before_the_first_starts_again(world: World, stock: Service) -> None:
    """Whatever waits in one of them is gone, even if it would have called another."""
    world.told.clear()
    stock.restart()
    assert world.told[:4] == ["SIGKILL stock-1", "SIGKILL stock-2", "launch stock-1", "launch stock-2"]


def test_events_of_all_instances_are_in_order_of_time(world: World, stock: Service) -> None:
    world.process("stock-1").text = '{"event": "a", "at": 1.0}\n{"event": "b", "at": 3.0}\n'
    world.process("stock-2").text = '{"event": "b", "at": 2.0}\n'
    assert [entry["at"] for entry in stock.events()] == [1.0, 2.0, 3.0]
    assert [entry["at"] for entry in stock.events("b")] == [2.0, 3.0]


def test_logs_are_the_last_lines(world: World, stock: Service) -> None:
    world.process("stock-1").text = "one\ntwo\n"
    world.process("stock-2").text = "three\n"
    assert stock.logs(None) == ["one", "two", "three"]
    assert stock.logs(2) == ["two", "three"]
    assert stock.logs(0) == []


def test_following_begins_when_it_is_asked_for_and_goes_on_over_a_restart(world: World, stock: Service) -> None:
    world.process("stock-1").text = "before\n"
    lines = stock.follow()
    world.process("stock-1").text += "one\nhalf a li"
    assert next(lines) == "one"
    world.process("stock-1").text += "ne\nlast words\n"
    stock[0].restart()
    world.process("stock-1").text = "started anew\n"
    assert [next(lines), next(lines), next(lines)] == ["half a line", "last words", "started anew"]


def test_without_instances_it_does_not_run_and_takes_no_fault(stock: Service) -> None:
    stock.scale(0)
    assert not stock.running
    assert stock.stats() == {}
    with pytest.raises(RuntimeError, match='"stock" is not running, so "pause" would do nothing: start it first'):
        stock.pause()


class Shy:
    """Members of a system that find each other only when they were started ``needs`` times; at most three times they are."""

    starts = 3

    def __init__(self, needs: int) -> None:
        self.needs = needs

    def entries(self, members: Sequence[Endpoint]) -> Sequence[Endpoint]:
        return members

    def form(self, members: Sequence[Endpoint]) -> None:
        self.needs -= 1
        if self.needs:
            raise TimeoutError("they do not find each other")


def test_members_that_do_not_find_each_other_are_started_again(world: World, stock: Service) -> None:
    stock.system = Shy(needs=3)  # type: ignore[assignment]
    world.told.clear()
    stock.form()
    assert [told for told in world.told if told.startswith("launch")] == ["launch stock-1", "launch stock-2"] * 2
    assert world.substrate.running() == ["stock-1", "stock-2"]


def test_members_that_never_find_each_other_are_told_when_they_had_all_their_starts(world: World, stock: Service) -> None:
    stock.system = Shy(needs=4)  # type: ignore[assignment]
    with pytest.raises(TimeoutError, match="do not find each other"):
        stock.form()
    assert world.told.count("launch stock-1") == 3
