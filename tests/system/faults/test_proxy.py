"""The proxy itself: what it hands on, its routes, and how it ends."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.faults.control import ProxyControl, ProxyGoneError
from labkit.faults.cut import Cut
from labkit.faults.fault import FaultError
from labkit.faults.latency import Latency
from tests.system.faults.bench import (
    LOOPS,
    Http,
    ProxyProcess,
    Upstream,
    connect,
    eventually,
    exchange,
    get,
    proxy_on,
    receive,
    serving,
)

HALF_AN_ANSWER = """
import socket, sys
listener = socket.create_server(("127.0.0.1", 0))
print(listener.getsockname()[1], flush=True)
while True:
    client, _ = listener.accept()
    if client.recv(65536).startswith(b"GET"):
        client.sendall(b"HTTP/1.1 200 OK\\r\\ncontent-length: 100\\r\\n\\r\\nhalf")
"""


@pytest.fixture(params=LOOPS)
def proxy(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[ProxyProcess]:
    with proxy_on(request.param, tmp_path) as process:
        yield process


@pytest.fixture
def control(proxy: ProxyProcess) -> ProxyControl:
    return proxy.control


@contextlib.contextmanager
def half_answering() -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A process that answers by halves; gives it and its address."""
    process = subprocess.Popen([sys.executable, "-c", HALF_AN_ANSWER], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    try:
        yield process, f"127.0.0.1:{int(process.stdout.readline())}"
    finally:
        process.kill()
        process.communicate()


def refusing_address() -> str:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return f"127.0.0.1:{listener.getsockname()[1]}"


# What it hands on

def test_every_byte_arrives_once_and_in_order(control: ProxyControl, echo: Upstream) -> None:
    data = os.urandom(8 << 20)
    with connect(control.route("echo", [echo.address]), 30) as sock:
        threading.Thread(target=sock.sendall, args=(data,), daemon=True).start()
        assert receive(sock, len(data)) == data
        stats = control.stats()["echo"]
    assert (stats.bytes_up, stats.bytes_down) == (len(data), len(data))


def test_a_half_closed_connection_still_answers(control: ProxyControl, echo: Upstream) -> None:
    with connect(control.route("echo", [echo.address])) as sock:
        sock.sendall(b"last words")
        sock.shutdown(socket.SHUT_WR)
        assert receive(sock, 100) == b"last words(end)"
    assert eventually(lambda: control.stats()["echo"].open == 0)


def test_new_connections_go_to_the_upstreams_in_turn(control: ProxyControl) -> None:
    with serving(Http) as one, serving(Http) as two, serving(Http) as three:
        port = control.route("web", [one.address, two.address, three.address])
        for _ in range(9):
            get(port, times=2)
        assert [upstream.requests for upstream in (one, two, three)] == [6, 6, 6]


def test_an_upstream_that_refuses_is_a_reset_and_the_next_is_not_tried(control: ProxyControl, echo: Upstream) -> None:
    port = control.route("echo", [refusing_address(), echo.address])
    outcomes = []
    for _ in range(4):
        try:
            with connect(port) as sock:
                outcomes.append(exchange(sock))
        except (ConnectionResetError, BrokenPipeError):
            outcomes.append(b"reset")
    assert outcomes == [b"reset", b"x", b"reset", b"x"]
    assert echo.connections == 2


def test_a_route_without_upstreams_resets(control: ProxyControl) -> None:
    with pytest.raises(ConnectionResetError), connect(control.route("nowhere", [])) as sock:
        sock.recv(1)


def test_an_upstream_killed_in_mid_answer_is_a_reset_to_the_client(control: ProxyControl) -> None:
    with half_answering() as (process, address), connect(control.route("half", [address])) as sock:
        sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
        assert receive(sock, 44).endswith(b"half")
        process.kill()
        with pytest.raises(ConnectionResetError):
            sock.recv(1)


def test_a_kept_connection_to_a_killed_upstream_is_closed(control: ProxyControl) -> None:
    with half_answering() as (process, address), connect(control.route("idle", [address])) as sock:
        assert eventually(lambda: control.stats()["idle"].open == 1)
        process.kill()
        assert sock.recv(1) == b""


def test_a_client_that_goes_away_is_gone_for_the_upstream_too(control: ProxyControl, echo: Upstream) -> None:
    port = control.route("echo", [echo.address])
    with connect(port) as sock:
        exchange(sock)
        assert control.stats()["echo"].open == 1
    assert eventually(lambda: control.stats()["echo"].open == 0)


# Routes

def test_kept_connections_to_an_upstream_that_was_taken_out_are_closed(control: ProxyControl) -> None:
    with serving(Http) as old, serving(Http) as new:
        port = control.route("web", [old.address])
        with connect(port) as sock:
            sock.sendall(b"GET / HTTP/1.1\r\n\r\n")
            assert receive(sock, 12) == b"HTTP/1.1 200"
            control.upstreams("web", [new.address])
            assert receive(sock, 10_000).endswith(b"ok")
            assert sock.recv(1) == b""
        get(port)
        assert (old.requests, new.requests) == (1, 1)


def test_an_answer_under_way_is_finished_before_its_upstream_is_left(control: ProxyControl) -> None:
    with serving(Http) as old:
        port = control.route("web", [old.address])
        with connect(port) as sock:
            number = control.fault(Latency(60.0), route="web")
            sock.sendall(b"GET /100000 HTTP/1.1\r\n\r\n")
            assert eventually(lambda: old.requests == 1)
            control.upstreams("web", [])
            control.lift(number)
            assert receive(sock, 1 << 20).endswith(b"x" * 100_000)


def test_an_unrouted_port_refuses_and_its_connections_are_reset(control: ProxyControl, echo: Upstream) -> None:
    port = control.route("echo", [echo.address])
    with connect(port) as sock:
        exchange(sock)
        control.unroute("echo")
        with pytest.raises(ConnectionResetError):
            sock.recv(1)
    with pytest.raises(ConnectionRefusedError):
        connect(port)


def test_a_mistake_does_not_take_the_proxy_down(control: ProxyControl, echo: Upstream) -> None:
    port = control.route("echo", [echo.address])
    with pytest.raises(FaultError, match="echo"):
        control.fault(Cut(), route="ecco")
    with connect(port) as sock:
        assert exchange(sock) == b"x"


# How it ends

def test_the_proxy_ends_with_its_control_channel(proxy: ProxyProcess, echo: Upstream) -> None:
    port = proxy.control.route("echo", [echo.address])
    with connect(port) as sock:
        exchange(sock)
        proxy.control.fault(Cut())
        proxy.control.close()
        proxy.process.wait(2)
        with contextlib.suppress(ConnectionResetError):
            assert sock.recv(1) == b""
    with pytest.raises(ConnectionRefusedError):
        connect(port)


def test_an_interrupt_of_the_notebook_leaves_the_links_alone(proxy: ProxyProcess, echo: Upstream) -> None:
    port = proxy.control.route("echo", [echo.address])
    proxy.process.send_signal(signal.SIGINT)
    with connect(port) as sock:
        assert exchange(sock) == b"x"
    assert proxy.process.poll() is None


def test_a_proxy_that_was_killed_is_a_sentence() -> None:
    proxy = ProxyProcess()
    proxy.control.stats()
    proxy.process.kill()
    proxy.process.communicate()
    with pytest.raises(ProxyGoneError, match=r"Lab\(\)"):
        proxy.control.fault(Cut())
    proxy.control.close()
