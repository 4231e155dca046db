"""Services of the shop in this process, and callees that do as they are told, for tests without a network."""

from __future__ import annotations

import importlib
import json
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import httpx
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Starlette would rather have httpx2
    from fastapi.testclient import TestClient

__all__ = ["Callee", "Running", "events", "poll", "running"]

Script = Callable[[httpx.Request], httpx.Response]


class Callee:
    """Stands in for a neighbour; `does` decides what comes of each request, `requests` keeps them."""

    def __init__(self) -> None:
        self.requests: list[httpx.Request] = []
        self.does: Script = self.answers

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        return self.does(request)

    @property
    def bodies(self) -> list[dict[str, Any]]:
        """What was posted."""
        return [json.loads(request.content) for request in self.requests]

    def answers(self, request: httpx.Request, status: int = 200, **headers: str) -> httpx.Response:
        """A good answer, whatever was asked."""
        return httpx.Response(status, json={"item": "book", "left": 7, "percent": 2}, headers=headers)

    def hangs(self, request: httpx.Request) -> httpx.Response:
        """No answer in time."""
        raise httpx.ReadTimeout("no answer")

    def refuses(self, request: httpx.Request) -> httpx.Response:
        """Nobody listens."""
        raise httpx.ConnectError("refused")

    def breaks(self, request: httpx.Request) -> httpx.Response:
        """The connection ends before the answer."""
        raise httpx.RemoteProtocolError("gone")

    def fails(self, request: httpx.Request) -> httpx.Response:
        """An error of its own."""
        return httpx.Response(500)


class Running:
    """One service that was imported with its settings and is served to `users`."""

    def __init__(self, module: Any, users: TestClient) -> None:
        self.module, self.users = module, users

    def connect(self, name: str, callee: Script) -> None:
        """Let the service's callee `name` be `callee`."""
        wire = getattr(self.module, name).wire
        wire.new_client = partial(httpx.Client, base_url="http://callee", transport=httpx.MockTransport(callee))

    def metrics(self) -> dict[str, float]:
        """What /metrics says."""
        lines = self.users.get("/metrics").text.splitlines()
        return {name: float(value) for name, _, value in (line.rpartition(" ") for line in lines if line[0] != "#")}


@contextmanager
def running(name: str, settings: Mapping[str, object]) -> Iterator[Running]:
    """Import the service anew with `settings`, as a process of its own would, and serve it."""
    module_name = f"mini_services.shop.{name}"
    with pytest.MonkeyPatch.context() as environment:
        for key, value in {"WORK": 0, **settings}.items():
            environment.setenv(key, str(value))
        sys.modules.pop(module_name, None)
        module = importlib.import_module(module_name)
    with TestClient(module.app, raise_server_exceptions=False) as users:
        yield Running(module, users)


def events(printed: str, event: str) -> list[dict[str, Any]]:
    """The log lines of that event."""
    lines = [json.loads(line) for line in printed.splitlines()]
    return [line for line in lines if line["event"] == event]


def poll(condition: Callable[[], bool], seconds: float = 5.0) -> None:
    """Wait until another thread has brought it about."""
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen"
        time.sleep(0.001)  # or this thread would keep the other one from the interpreter's lock
