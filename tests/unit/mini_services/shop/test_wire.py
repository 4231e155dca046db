"""The wire to a callee: real connections to a server of this test, on loopback."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from select import select

import httpx
import pytest
import uvicorn
from httpcore._backends import sync

from mini_services.patterns.deadline import Deadline
from mini_services.shop.service import Service
from mini_services.shop.settings import ServiceSettings
from mini_services.shop.wire import _LIMITS, Wire
from tests.unit.mini_services.shop.neighbours import running

KEPT_ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"
ANSWER = KEPT_ANSWER.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")


@pytest.fixture
def listener() -> Iterator[socket.socket]:
    """Somebody to call, who accepts when the test says so."""
    with socket.create_server(("127.0.0.1", 0), backlog=64) as one:
        one.settimeout(10)
        yield one


def wire_to(listener: socket.socket) -> Wire:
    """A wire to it, of a service that is not served."""
    return Wire("stock", f"http://127.0.0.1:{listener.getsockname()[1]}", Service("orders", ServiceSettings()))


def ask(wire: Wire) -> httpx.Response:
    """A call that waits for at most ten seconds."""
    return wire.send("GET", "/", None, Deadline.after(10), tell=False)


def test_each_call_has_a_connection_so_that_none_waits_for_another(listener: socket.socket) -> None:
    wire, calls = wire_to(listener), 24
    with ThreadPoolExecutor(calls) as threads:
        asked = [threads.submit(ask, wire) for _ in range(calls)]
        held = [listener.accept()[0] for _ in range(calls)]  # all at once, and none is answered yet
        for connection in held:
            with connection:
                connection.recv(65536)
                connection.sendall(ANSWER)
        assert {answer.result().status_code for answer in asked} == {200}
    wire.close()


def test_calls_one_after_the_other_use_one_connection(listener: socket.socket) -> None:
    wire, calls = wire_to(listener), 5
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(lambda: [ask(wire).status_code for _ in range(calls)])
        with listener.accept()[0] as connection:
            for _ in range(calls):
                connection.recv(65536)
                connection.sendall(KEPT_ANSWER)
            assert asked.result() == [200] * calls
    wire.close()


def test_a_call_looks_at_no_connection_but_its_own(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    """All calls of a service once went through one pool, which looked at every idle connection at every call."""
    looked = []
    monkeypatch.setattr(sync, "is_socket_readable", lambda sock: looked.append(sock) and False)
    wire, calls = wire_to(listener), 12
    with ThreadPoolExecutor(calls) as threads:
        asked = [threads.submit(ask, wire) for _ in range(calls)]
        held = [listener.accept()[0] for _ in range(calls)]
        for connection in held:
            connection.recv(65536)
            connection.sendall(KEPT_ANSWER)
        assert {answer.result().status_code for answer in asked} == {200}
        looked.clear()
        last = threads.submit(ask, wire)
        warm = select(held, [], [], 10)[0]
        assert len(warm) == 1
        warm[0].recv(65536)
        warm[0].sendall(KEPT_ANSWER)
        assert last.result().status_code == 200
    assert len(set(looked)) <= 1
    wire.close()
    for connection in held:
        connection.close()


def test_no_proxy_of_the_environment_comes_between(listener: socket.socket, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    wire = wire_to(listener)
    with ThreadPoolExecutor(1) as threads:
        asked = threads.submit(ask, wire)
        with listener.accept()[0] as connection:
            connection.recv(65536)
            connection.sendall(ANSWER)
        assert asked.result().status_code == 200
    wire.close()


def test_an_idle_connection_is_given_up_before_the_callee_closes_it() -> None:
    assert _LIMITS.keepalive_expiry is not None
    assert 0 < _LIMITS.keepalive_expiry < uvicorn.Config("stock:app").timeout_keep_alive


def test_its_connections_are_closed_when_the_service_stops() -> None:
    made = []
    with running("orders", {}) as orders, socket.create_server(("127.0.0.1", 0)) as callee:
        wire = orders.module.stock.wire
        wire.url = f"http://127.0.0.1:{callee.getsockname()[1]}"
        wire.new_client = lambda: made.append(httpx.Client(base_url=wire.url)) or made[-1]
        with ThreadPoolExecutor(1) as threads:
            asked = threads.submit(ask, wire)
            connection = callee.accept()[0]
            connection.recv(65536)
            connection.sendall(KEPT_ANSWER)
            assert asked.result().status_code == 200
        assert not made[0].is_closed
    with connection:
        assert made[0].is_closed
        assert connection.recv(1) == b""
