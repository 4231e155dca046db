"""A cut on real connections: not a byte comes through, and no byte is lost."""

from __future__ import annotations

import itertools
import select
import socket
import socketserver
import threading
import time

from labkit.faults.control import ProxyControl
from labkit.faults.cut import Cut
from tests.system.faults.bench import Link, connect, exchange, receive, serving


def silent(sock: socket.socket, seconds: float = 0.3) -> bool:
    """Whether nothing comes for so long, not even an end."""
    readable, _, _ = select.select([sock], [], [], seconds)
    return not readable


class Ticker(socketserver.BaseRequestHandler):
    """Sends 0, 1, 2 ... 255, 0, 1 ..., a byte each two milliseconds, until it cannot."""

    request: socket.socket

    def handle(self) -> None:
        for n in itertools.count():
            self.request.sendall(bytes([n % 256]))
            time.sleep(0.002)


def test_nothing_comes_through_a_cut_and_all_of_it_after(link: Link) -> None:
    with connect(link.port) as old:
        assert exchange(old) == b"x"
        cut = link.inject(Cut())
        old.sendall(b"first ")
        with connect(link.port) as new:
            new.sendall(b"hello")
            assert silent(old)
            assert silent(new)
            old.sendall(b"second")
            assert link.upstream.connections == 1
            link.control.lift(cut)
            assert receive(old, 12) == b"first second"
            assert receive(new, 5) == b"hello"
        assert link.upstream.connections == 2


def test_an_answer_that_flows_stops_with_the_cut_and_goes_on_where_it_was(control: ProxyControl) -> None:
    with serving(Ticker) as ticker, Link(control, "ticker", ticker) as link, connect(link.port) as sock:
        begin = receive(sock, 20)
        cut = link.inject(Cut())
        begin += b"" if silent(sock, 0) else sock.recv(10_000)  # what had left before
        assert silent(sock)
        link.control.lift(cut)
        data = begin + receive(sock, 300)
        assert data == bytes(n % 256 for n in range(len(data)))


def test_a_cut_in_mid_answer_loses_and_doubles_no_byte(link: Link) -> None:
    data = bytes(range(256)) * 8000
    with connect(link.port, 30) as sock:
        threading.Thread(target=sock.sendall, args=(data,), daemon=True).start()
        begin = receive(sock, 1000)
        cut = link.inject(Cut())
        time.sleep(0.1)
        link.control.lift(cut)
        assert begin + receive(sock, len(data) - 1000) == data
