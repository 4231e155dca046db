"""What the tests of the fault proxy share: the proxy as a process of its own, upstreams, and clients."""

from __future__ import annotations

import contextlib
import os
import socket
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler
from pathlib import Path

from labkit.faults.control import ProxyControl
from labkit.faults.network import NetworkFault

LABS = Path(__file__).parents[3] / "labs"
LOOPS = ("uvloop", "asyncio")


@contextlib.contextmanager
def proxy_on(loop: str, folder: Path) -> Iterator[ProxyProcess]:
    """A proxy on this event loop: where it is asyncio's own, uvloop is hidden by a module that does not import."""
    (folder / "uvloop.py").write_text("raise ImportError\n")
    proxy = ProxyProcess(folder if loop == "asyncio" else None)
    try:
        yield proxy
    finally:
        ending = proxy.close()
    assert ending == (0, "")


class ProxyProcess:
    """The proxy as a lab starts it; ``hidden`` is a folder whose modules go before the installed ones."""

    def __init__(self, hidden: Path | None = None) -> None:
        here, there = socket.socketpair()
        with there:
            path = os.pathsep.join(str(folder) for folder in (hidden, LABS) if folder)
            command = [sys.executable, "-m", "labkit.substrates.launch", "labkit.faults.proxy:main", "{}"]
            self.process = subprocess.Popen([*command, str(there.fileno())], pass_fds=[there.fileno()],
                                            stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": path})
        self.control = ProxyControl(here)

    def close(self) -> tuple[int, str]:
        """End the control channel; gives the proxy's exit status and what it complained of."""
        self.control.close()
        try:
            _, complaints = self.process.communicate(timeout=5)
        finally:
            self.process.kill()
        return self.process.returncode, complaints.decode()


class Upstream(socketserver.ThreadingTCPServer):
    """A server on a port of its own, in threads; counts the connections that reach it."""

    allow_reuse_address = True
    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, handler: type[socketserver.BaseRequestHandler]) -> None:
        super().__init__(("127.0.0.1", 0), handler)
        self.connections = 0
        self.requests = 0
        self.address = f"127.0.0.1:{self.server_address[1]}"
        threading.Thread(target=self.serve_forever, args=(0.05,), daemon=True).start()

    def process_request(self, request: socket.socket | tuple[bytes, socket.socket], client_address: object) -> None:
        self.connections += 1
        super().process_request(request, client_address)

    def handle_error(self, request: object, client_address: object) -> None:
        """A handler whose connection was reset: that is what is being tested."""


class Echo(socketserver.BaseRequestHandler):
    """Sends back what comes; at the end of what comes, says so and ends."""

    request: socket.socket

    def handle(self) -> None:
        while data := self.request.recv(65536):
            self.request.sendall(data)
        self.request.sendall(b"(end)")


class Http(BaseHTTPRequestHandler):
    """``/N`` answers with N bytes, anything else with "ok"; keeps connections alive."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    server: Upstream

    def do_GET(self) -> None:
        self.server.requests += 1
        size = self.path[1:]
        body = b"x" * int(size) if size.isdigit() else b"ok"
        self.send_response(200)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.do_GET()

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextlib.contextmanager
def serving(handler: type[socketserver.BaseRequestHandler]) -> Iterator[Upstream]:
    """An upstream for the length of a test."""
    upstream = Upstream(handler)
    try:
        yield upstream
    finally:
        upstream.shutdown()
        upstream.server_close()


class Link:
    """A route to one upstream, for the length of a test."""

    def __init__(self, control: ProxyControl, name: str, upstream: Upstream) -> None:
        self.control, self.name, self.upstream = control, name, upstream
        self.port = control.route(name, [upstream.address])

    def inject(self, fault: NetworkFault, seconds: float | None = None) -> int:
        return self.control.fault(fault, route=self.name, seconds=seconds)

    def __enter__(self) -> Link:
        return self

    def __exit__(self, *_: object) -> None:
        self.control.unroute(self.name)


def connect(port: int, timeout: float = 5.0) -> socket.socket:
    """A client's socket to a port of the proxy."""
    sock = socket.create_connection(("127.0.0.1", port), timeout)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return sock


def receive(sock: socket.socket, size: int) -> bytes:
    """Exactly ``size`` bytes, or what there was before the end."""
    data = b""
    while len(data) < size and (more := sock.recv(size - len(data))):
        data += more
    return data


def exchange(sock: socket.socket, data: bytes = b"x") -> bytes:
    """Send to an echo and receive as much."""
    sock.sendall(data)
    return receive(sock, len(data))


def get(port: int, path: str = "/", times: int = 1) -> list[int]:
    """The statuses of so many requests over one kept connection (a new one where the server closes it)."""
    with contextlib.closing(HTTPConnection("127.0.0.1", port, timeout=10)) as client:
        return [_status(client, path) for _ in range(times)]


def _status(client: HTTPConnection, path: str) -> int:
    client.request("GET", path)
    answer = client.getresponse()
    answer.read()
    return answer.status


def seconds(act: Callable[[], object]) -> float:
    """How long ``act`` takes."""
    begin = time.monotonic()
    act()
    return time.monotonic() - begin


def eventually(condition: Callable[[], bool], within: float = 5.0) -> bool:
    """Whether the condition comes to hold within so many seconds."""
    end = time.monotonic() + within
    while not condition() and time.monotonic() < end:
        time.sleep(0.01)
    return condition()


def added(link: Link, sock: socket.socket, fault: NetworkFault) -> float:
    """By how much an answer is later with the fault than without, on an open connection."""
    without = min(seconds(lambda: exchange(sock)) for _ in range(3))
    number = link.inject(fault)
    with_fault = min(seconds(lambda: exchange(sock)) for _ in range(3))
    link.control.lift(number)
    return with_fault - without
