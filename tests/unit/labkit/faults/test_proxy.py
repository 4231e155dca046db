"""The proxy's commands, and what a fault covers, in virtual time; its sockets are tested in tests/system."""

from __future__ import annotations

import asyncio
import json
from typing import Any

import pytest

from labkit.faults.commands import Commands
from labkit.faults.cut import Cut
from labkit.faults.fault import FaultError
from labkit.faults.kill import Kill
from labkit.faults.proxy import Proxy
from labkit.faults.route import Route, split_address
from tests.unit.labkit.faults.virtual import VirtualClock

ONE, TWO = "127.0.0.1:4001", "127.0.0.1:4002"


@pytest.fixture
def proxy(clock: VirtualClock, monkeypatch: pytest.MonkeyPatch) -> Proxy:
    async def open_nothing(route: Route) -> int:
        return 4711
    monkeypatch.setattr(Route, "open", open_nothing)
    made = Proxy(clock)
    asyncio.run(made.route("stock", [ONE, TWO]))
    asyncio.run(made.route("payment", [TWO]))
    return made


def ask(proxy: Proxy, **command: Any) -> dict[str, Any]:
    return asyncio.run(Commands(proxy).answer(json.dumps({"id": 7, **command}).encode()))


def test_a_command_is_answered_by_its_number(proxy: Proxy) -> None:
    assert ask(proxy, op="route", name="users", upstreams=[ONE]) == {"id": 7, "ok": {"port": 4711}}
    assert ask(proxy, op="fault", fault="cut", settings={}, route="users") == {"id": 7, "ok": {"fault": 1}}
    assert ask(proxy, op="lift", fault=1) == {"id": 7, "ok": {"lifted": True}}
    assert ask(proxy, op="lift", fault=1) == {"id": 7, "ok": {"lifted": False}}


@pytest.mark.parametrize(("command", "sentence"), [
    ({"op": "rout"}, 'no command "rout"; did you mean "route"'),
    ({"op": "fault", "fault": "latncy", "settings": {}}, 'did you mean "latency"'),
    ({"op": "fault", "fault": "latency", "settings": {"seconds": -1}}, "no negative seconds"),
    ({"op": "fault", "fault": "cut", "settings": {}, "route": "stick"}, 'no route "stick"; did you mean "stock"'),
    ({"op": "fault", "fault": "cut", "settings": {}, "upstream": "127.0.0.1:4009"}, "no upstream"),
    ({"op": "fault", "fault": "cut", "settings": {}, "route": "payment", "upstream": ONE}, "no upstream"),
    ({"op": "fault", "fault": "cut", "settings": {}, "seconds": -1}, "no negative seconds"),
    ({"op": "fault", "fault": "kill", "settings": {}}, "a fault of a process"),
    ({"op": "route", "name": "stock", "upstreams": [ONE]}, "already"),
    ({"op": "route", "name": "new", "upstreams": ["4001"]}, "give host:port"),
    ({"op": "upstreams", "name": "payments", "upstreams": []}, 'did you mean "payment"'),
    ({"op": "unroute", "name": "x"}, "known: payment, stock"),
    ({"op": "unroute"}, "cannot do this"),
])
def test_a_mistake_is_answered_by_a_sentence_in_both_languages(
        proxy: Proxy, command: dict[str, Any], sentence: str) -> None:
    answer = ask(proxy, **command)
    assert sentence in answer["error"]["en"]
    assert answer["error"]["zh"] != answer["error"]["en"]


def test_a_line_that_is_not_json_is_answered_too(proxy: Proxy) -> None:
    assert "error" in asyncio.run(Commands(proxy).answer(b"nonsense\n"))


def test_a_refused_fault_leaves_nothing_behind(proxy: Proxy) -> None:
    for act in (lambda: proxy.inject(Kill(), None, None, None), lambda: proxy.inject(Cut(), None, None, -1.0)):
        with pytest.raises(FaultError):
            act()
    assert proxy.stats()["faults"] == {}


def test_a_lease_lifts_the_fault_when_its_time_is_over(proxy: Proxy, clock: VirtualClock) -> None:
    proxy.inject(Cut(), "stock", None, seconds=5.0)
    clock.advance(4.9)
    assert list(proxy.stats()["faults"]) == ["1"]
    clock.advance(0.2)
    assert proxy.stats()["faults"] == {}


def test_a_fault_lifted_before_leaves_no_timer(proxy: Proxy, clock: VirtualClock) -> None:
    proxy.lift(proxy.inject(Cut(), "stock", None, seconds=5.0))
    assert clock.waiting() == []


def test_a_route_takes_the_faults_that_cover_only_it_with_it(proxy: Proxy) -> None:
    proxy.inject(Cut(), "stock", None, None)
    proxy.inject(Cut(), None, TWO, None)
    proxy.unroute("stock")
    assert [fault["upstream"] for fault in proxy.stats()["faults"].values()] == [TWO]
    assert list(proxy.stats()["routes"]) == ["payment"]


def test_new_connections_go_to_the_upstreams_in_turn(proxy: Proxy) -> None:
    route = proxy._route("stock")
    for _ in range(5):
        route.accept()
    assert proxy.stats()["routes"]["stock"]["by_upstream"] == {ONE: 3, TWO: 2}


def test_an_address_is_a_host_and_a_port() -> None:
    assert split_address(ONE) == ("127.0.0.1", 4001)
    for wrong in ("", "4001", ":4001", "127.0.0.1", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:0", "127.0.0.1:70000"):
        with pytest.raises(FaultError, match="is not an address"):
            split_address(wrong)
