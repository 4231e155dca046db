"""What is seen from outside a process: how little a service imports after the preload, and that it stops when told."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager

import pytest

from mini_services.shop.shutdown import end_within
from tests.unit.mini_services.shop.neighbours import poll

SERVICES = ["storefront", "orders", "stock", "payment"]


@pytest.mark.parametrize("service", SERVICES)
def test_after_the_preload_a_service_imports_nothing_but_its_own_file(service: str) -> None:
    program = (
        "import sys, mini_services.shop.preload; before = set(sys.modules);"
        f"import mini_services.shop.{service}; print(*sorted(set(sys.modules) - before))"
    )
    environment = {**os.environ, "STOCK_URL": "http://127.0.0.1:1", "BREAKER": "1", "SERVICE_SETTINGS": "WORK"}
    imported = subprocess.check_output([sys.executable, "-c", program], env=environment, text=True)
    assert imported.split() == [f"mini_services.shop.{service}"]


@contextmanager
def stock_with(**settings: str) -> Iterator[tuple[subprocess.Popen[str], int]]:
    """The service as a process of its own that is well, and its port."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        command = [sys.executable, "-m", "uvicorn", "mini_services.shop.stock:app", "--fd", str(listener.fileno())]
        environment = {**os.environ, **settings}
        service = subprocess.Popen(command, env=environment, pass_fds=[listener.fileno()], stdout=subprocess.PIPE, text=True)
    try:
        _ask(port, "/health")
        yield service, port
    finally:
        service.kill()
        service.communicate()


def test_a_service_told_to_stop_ends_though_a_thread_of_its_hangs() -> None:
    with stock_with(WORK="3600", GRACE="0.2") as (service, port):
        threading.Thread(target=_ask, args=(port, "/stock/book"), daemon=True).start()
        poll(lambda: "pool_threads_busy 1.0" in _ask(port, "/metrics"))
        service.send_signal(signal.SIGTERM)
        printed, _ = service.communicate(timeout=10)
        assert service.returncode == 0
        assert '"event": "stopped", "unfinished": 1' in printed


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_service_told_to_stop_ends_at_once_when_nothing_is_in_flight(number: signal.Signals) -> None:
    with stock_with(GRACE="3600") as (service, _):
        service.send_signal(number)
        printed, _ = service.communicate(timeout=10)
        assert '"event": "stopped", "unfinished": 0' in printed


def test_outside_the_main_thread_signals_are_left_alone() -> None:
    before = signal.getsignal(signal.SIGTERM)
    thread = threading.Thread(target=end_within, args=(0.0, lambda: None))
    thread.start()
    thread.join()
    assert signal.getsignal(signal.SIGTERM) is before


def _ask(port: int, path: str) -> str:
    """Ask until there is an answer; the socket listens already, so the first request waits for the service to start."""
    end = time.monotonic() + 30
    while True:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=30) as answer:
                return str(answer.read().decode())
        except OSError:
            if time.monotonic() > end or path == "/stock/book":
                return ""
