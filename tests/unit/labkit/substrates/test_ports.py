"""Ports are listened on before a service starts, and a taken one is told."""

from __future__ import annotations

import socket
import threading

import pytest

from labkit.substrates.ports import healthy, listen


def answering(listener: socket.socket, answer: bytes) -> threading.Thread:
    """Answers one connection."""
    def serve() -> None:
        connection, _ = listener.accept()
        with connection:
            connection.recv(1000)
            connection.sendall(answer)

    thread = threading.Thread(target=serve)
    thread.start()
    return thread


def test_a_port_is_taken_at_once_and_on_the_loopback_alone() -> None:
    with listen(0, "stock-1") as listener:
        host, port = listener.getsockname()
        assert host == "127.0.0.1"
        with pytest.raises(OSError, match=rf"Port {port} for stock-2 is taken.*a free one is chosen"):
            listen(port, "stock-2")
        with socket.create_connection((host, port), timeout=5):
            pass


def test_a_port_that_is_not_allowed_is_told_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh")
    with listen(0, "a") as listener, pytest.raises(OSError, match="stock-2 要用的連接埠"):
        listen(listener.getsockname()[1], "stock-2")


@pytest.mark.parametrize(("answer", "well"), [
    (b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", True), (b"HTTP/1.1 503 Not Yet\r\nContent-Length: 0\r\n\r\n", False),
    (b"", False), (b"what?\r\n\r\n", False),
])
def test_a_service_is_well_when_it_answers_with_200(answer: bytes, well: bool) -> None:
    with listen(0, "stock-1") as listener:
        server = answering(listener, answer)
        assert healthy(listener.getsockname()[1], 5.0) is well
        server.join()


def test_where_nobody_listens_nobody_is_well() -> None:
    with listen(0, "stock-1") as listener:
        port = listener.getsockname()[1]
    assert not healthy(port, 5.0)
