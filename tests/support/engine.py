"""Loads with a real engine, each part a process of its own, without a lab around them."""

from __future__ import annotations

import json
import os
import resource
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from labkit.load.drive import Event, drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.run import Run
from tests.support.owners import ROOT

__all__ = ["Process", "Server", "run", "server"]


class Process:
    """A function of a module in an interpreter of its own: the launch that ``drive`` asks for."""

    def __init__(self, target: str, keywords: dict[str, Any], fds: Sequence[int], most_files: int | None = None) -> None:
        self._log = tempfile.TemporaryFile("w+")  # noqa: SIM115 - it lives as long as the engine
        self._process = subprocess.Popen(
            [sys.executable, "-m", "labkit.substrates.launch", target, json.dumps(keywords), *map(str, fds)],
            pass_fds=fds, stdin=subprocess.DEVNULL, stdout=self._log, stderr=self._log, cwd=ROOT,
            preexec_fn=None if most_files is None else lambda: resource.setrlimit(
                resource.RLIMIT_NOFILE, (most_files, most_files)),
            env={**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "labs")])})
        self.pid = self._process.pid

    @property
    def status(self) -> int | None:
        return self._process.poll()

    def signal(self, number: int) -> None:
        self._process.send_signal(number)

    def wait(self, seconds: float) -> bool:
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True

    def log(self) -> str:
        self._log.seek(0)
        return self._log.read()


class Server:
    """The static server (``tests/support/static_server.py``), as the tests speak with it."""

    def __init__(self, process: Process, port: int) -> None:
        self.process, self.url = process, f"http://127.0.0.1:{port}"

    def ask(self, path: str) -> Any:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return json.load(answer)

    def stream(self, path: str = "/", **settings: Any) -> Stream:
        return Stream(**{"name": path, "url": self.url + path, "rate": 40.0, "seed": 1, **settings})


@contextmanager
def server() -> Iterator[Server]:
    """A static server that is gone afterwards."""
    with socket.create_server(("127.0.0.1", 0), backlog=4096) as listener:
        process = Process("tests.support.static_server:main", {}, [listener.fileno()])
        port = listener.getsockname()[1]
    try:
        yield Server(process, port)
    finally:
        process.signal(signal.SIGKILL)
        process.wait(10)


def run(streams: Sequence[Stream], seconds: float = 1.0, *, events: Iterable[Event] = (),
        launch: Callable[..., Process] = Process, **settings: Any) -> Run:
    """Run a load and give what it measured."""
    result = drive(LoadPlan(streams, seconds, **settings), launch, at_events=events)
    return Run(result, timeout={stream.name: stream.timeout for stream in streams},
               rates={stream.name: stream.rate for stream in streams if stream.arrivals != "closed"})
