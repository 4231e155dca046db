"""The kernel's end of the control channel, against a proxy that is a thread on a socket pair."""

from __future__ import annotations

import json
import socket
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from labkit.errors import Closed
from labkit.faults.control import ProxyControl, ProxyGoneError, RouteStats
from labkit.faults.cut import Cut
from labkit.faults.fault import FaultError
from labkit.faults.latency import Latency

Answer = Callable[[dict[str, Any]], dict[str, Any] | None]


class FakeProxy:
    """Answers each command by ``answer``; None answers nothing."""

    def __init__(self) -> None:
        self.here, self._there = socket.socketpair()
        self.commands: list[dict[str, Any]] = []
        self.answer: Answer = lambda command: {}
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def _serve(self) -> None:
        with self._there, self._there.makefile("rwb") as lines:
            for line in lines:
                command = json.loads(line)
                self.commands.append(command)
                answer = self.answer(command)
                if answer is None:
                    return
                reply = answer if {"ok", "error"} & set(answer) else {"ok": answer}
                lines.write(json.dumps({"id": command["id"], **reply}).encode() + b"\n")
                lines.flush()

    def close(self) -> None:
        self.here.close()
        self._thread.join()


@pytest.fixture
def proxy() -> Iterator[FakeProxy]:
    fake = FakeProxy()
    yield fake
    fake.close()


@pytest.fixture
def control(proxy: FakeProxy) -> ProxyControl:
    return ProxyControl(proxy.here)


def last(proxy: FakeProxy) -> dict[str, Any]:
    return {key: value for key, value in proxy.commands[-1].items() if key != "id"}


def test_each_call_is_one_command(proxy: FakeProxy, control: ProxyControl) -> None:
    proxy.answer = lambda command: {"port": 4711, "fault": 5, "routes": {}}
    assert control.route("stock", ("127.0.0.1:1",)) == 4711
    assert last(proxy) == {"op": "route", "name": "stock", "upstreams": ["127.0.0.1:1"]}
    control.upstreams("stock", [])
    assert last(proxy) == {"op": "upstreams", "name": "stock", "upstreams": []}
    assert control.fault(Latency(3.0), route="stock", seconds=9) == 5
    assert last(proxy) == {"op": "fault", "fault": "latency", "settings": {"seconds": 3.0, "jitter": 0.0, "seed": 0},
                           "route": "stock", "upstream": None, "seconds": 9}
    control.lift(5)
    assert last(proxy) == {"op": "lift", "fault": 5}
    control.unroute("stock")
    assert last(proxy) == {"op": "unroute", "name": "stock"}


def test_stats_are_typed(proxy: FakeProxy, control: ProxyControl) -> None:
    proxy.answer = lambda command: {"faults": {}, "routes": {"stock": {
        "upstreams": ["a:1"], "connections": 3, "open": 1, "by_upstream": {"a:1": 3}, "bytes_up": 9, "bytes_down": 8}}}
    assert control.stats() == {"stock": RouteStats(("a:1",), 3, 1, {"a:1": 3}, 9, 8)}


def test_a_mistake_is_a_sentence_in_the_readers_language(
        proxy: FakeProxy, control: ProxyControl, monkeypatch: pytest.MonkeyPatch) -> None:
    proxy.answer = lambda command: {"error": {"en": "There is no route.", "zh": "沒有這個路由。"}}
    with pytest.raises(FaultError, match="There is no route"):
        control.fault(Cut(), route="stick")
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    with pytest.raises(FaultError, match="沒有這個路由"):
        control.fault(Cut(), route="stick")


def test_a_proxy_that_dies_in_mid_command_is_a_sentence(proxy: FakeProxy, control: ProxyControl) -> None:
    proxy.answer = lambda command: None
    for _ in range(2):
        with pytest.raises(ProxyGoneError, match=r"start a new Lab\(\)"):
            control.lift(1)


def test_a_proxy_that_says_nothing_is_not_waited_for_endlessly(proxy: FakeProxy) -> None:
    silent = threading.Event()

    def say_nothing(command: dict[str, Any]) -> None:
        silent.wait(5)

    proxy.answer = say_nothing
    with pytest.raises(ProxyGoneError, match="timed out"):
        ProxyControl(proxy.here, timeout=0.01).stats()
    silent.set()


def test_an_answer_to_an_interrupted_command_is_passed_over(proxy: FakeProxy, control: ProxyControl) -> None:
    proxy.answer = lambda command: {"port": command["id"]}
    proxy.here.sendall(b'{"id": 0, "op": "interrupted"}\n')
    assert control.route("a", []) == 1


def test_many_threads_get_each_its_own_answer(proxy: FakeProxy, control: ProxyControl) -> None:
    proxy.answer = lambda command: {"port": int(command["name"])}
    found: dict[int, int] = {}
    threads = [threading.Thread(target=lambda n=n: found.update({n: control.route(str(n), [])})) for n in range(50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert found == {n: n for n in range(50)}


def test_after_its_close_it_is_the_lab_that_is_closed_and_no_proxy_that_failed(proxy: FakeProxy, control: ProxyControl) -> None:
    control.close()
    with pytest.raises(Closed, match="Run the set-up cell again") as told:
        control.stats()
    assert told.value.__suppress_context__
