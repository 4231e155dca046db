"""Sixteen services: how soon they answer and what memory they take, beside sixteen ``python -m uvicorn``."""

from __future__ import annotations

import http.client
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator

from labkit import Lab
from labkit.substrates.usage import usage_of
from tests.bench.line import Line, median_of

__all__ = ["lines"]

N = 16
APP = "tests.support.services.tiny:app"


def lines() -> Iterator[Line]:
    """Both sides are measured in turn, three times."""
    cold, warm, memory, uvicorn, uvicorn_memory = median_of(3, _once)
    yield Line("start_16", f"{N} services: time to answer ÷ that of {N} × python -m uvicorn ({warm:.2f} s / {uvicorn:.2f} s)",
               warm / uvicorn, 0.10)
    yield Line("start_16_cold", f"the same with the start of the lab itself counted ({cold:.2f} s / {uvicorn:.2f} s)",
               cold / uvicorn, 0.35)
    yield Line("memory_16", f"{N} services: memory (PSS) ÷ that of {N} × python -m uvicorn "
               f"({memory / N / 1e6:.1f} MB / {uvicorn_memory / N / 1e6:.1f} MB each)", memory / uvicorn_memory, 0.40)


def _once() -> tuple[float, float, float, float, float]:
    began = time.monotonic()
    with Lab() as lab:
        service = lab.service("tiny", app=APP, instances=N)
        cold = time.monotonic() - began
        service.scale(0)
        began = time.monotonic()
        service.scale(N)
        warm = time.monotonic() - began
        memory = sum(instance.memory() for instance in service.instances)
    return cold, warm, memory, *_uvicorn()


def _uvicorn() -> tuple[float, float]:
    """Seconds and bytes of one interpreter each, all started side by side."""
    ports = [_free_port() for _ in range(N)]
    began = time.monotonic()
    running = [subprocess.Popen([sys.executable, "-m", "uvicorn", APP, "--port", str(port), "--log-level", "error"],
                                env={**os.environ, "PYTHONPATH": "."}) for port in ports]
    try:
        for port in ports:
            _wait_for(port)
        seconds = time.monotonic() - began
        return seconds, usage_of(process.pid for process in running).memory
    finally:
        for process in running:
            process.kill()
            process.wait()


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _wait_for(port: int, seconds: float = 60.0) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/health")
            if connection.getresponse().status == 200:
                return
        except OSError:
            time.sleep(0.005)
        finally:
            connection.close()
    raise TimeoutError(f"nobody answered on port {port}")
