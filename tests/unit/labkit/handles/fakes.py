"""A substrate that starts nothing and a proxy that proxies nothing: both remember what they were asked for."""

from __future__ import annotations

import signal
from collections.abc import Callable, Mapping, Sequence
from types import SimpleNamespace
from typing import Any

import pytest

from labkit.faults.fault import Fault
from labkit.handles import instance as instance_module
from labkit.handles import recipe as recipe_module
from labkit.handles import service as service_module
from labkit.handles.fleet import Fleet
from labkit.handles.instance import Instance
from labkit.handles.recipe import AppRecipe
from labkit.handles.wiring import Wiring
from labkit.substrates.ports import listen
from labkit.substrates.program import Member, Program
from labkit.substrates.substrate import Endpoint, Usage

__all__ = ["FakeControl", "FakeProcess", "FakeSubstrate", "World"]


class FakeProcess:
    """Runs until it is told to end."""

    def __init__(self, name: str, pid: int, told: list[str]) -> None:
        self.name, self.pid, self.told = name, pid, told
        self.status: int | None = None
        self.text = ""
        self.endpoint = Endpoint("", "")

    @property
    def running(self) -> bool:
        return self.status is None

    def call_when_gone(self, callback: Callable[[], None]) -> None:
        pass

    def signal(self, number: int) -> None:
        self.told.append(f"{signal.Signals(number).name} {self.name}")
        if number == signal.SIGKILL:
            self.end(-number)

    def end(self, status: int) -> None:
        self.status = status

    def wait(self, seconds: float) -> bool:
        return not self.running

    def log(self) -> str:
        return self.text

    def usage(self) -> Usage:
        return Usage(1.5, 2**20, 1) if self.running else Usage(0.0, 0, 0)


class FakeSubstrate:
    """Starts fake processes; ``fail`` may make one end or refuse."""

    name = "fake"
    capabilities = frozenset({"proxy", "signals"})

    def __init__(self, told: list[str]) -> None:
        self.told = told
        self.processes: list[FakeProcess] = []
        self.launches: list[tuple[str, Mapping[str, Any], Mapping[str, str]]] = []
        self.fail: Callable[[FakeProcess], None] = lambda _: None

    def launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int] = (), *, name: str,
               env: Mapping[str, str] | None = None) -> FakeProcess:
        self.told.append(f"launch {name}")
        self.launches.append((target, keywords, env or {}))
        process = FakeProcess(name, 1000 + len(self.processes), self.told)
        self.processes.append(process)
        self.fail(process)
        return process

    def serve(self, app: str, *, name: str, env: Mapping[str, str], endpoint: Endpoint | None = None) -> FakeProcess:
        with listen(endpoint.port if endpoint else 0, name) as listener:
            process = self.launch("serve", {"app": app}, name=name, env=env)
            address = f"127.0.0.1:{listener.getsockname()[1]}"
        process.endpoint = Endpoint(address, address)
        return process

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        return [Member(name, "127.0.0.1", 4000, {}) for name in names]

    def ready(self) -> None:
        pass

    def inner_proxy(self) -> None:
        pass

    left = None

    def running(self) -> list[str]:
        return [process.name for process in self.processes if process.running]

    def usage(self) -> Usage:
        return Usage(0.0, 0, len(self.running()))

    def close(self, grace: float = 0.5) -> None:
        for process in self.processes:
            process.end(0)


class FakeControl:
    """Knows routes and faults by number."""

    def __init__(self, told: list[str]) -> None:
        self.told = told
        self.routes: dict[str, list[str]] = {}
        self.faults: dict[int, tuple[str, str | None, str | None]] = {}
        self._faults_ever = 0

    def route(self, name: str, upstreams: Sequence[str]) -> int:
        self.routes[name] = list(upstreams)
        return 5000 + len(self.routes)

    def upstreams(self, name: str, upstreams: Sequence[str]) -> None:
        self.told.append(f"lead {name}")
        self.routes[name] = list(upstreams)

    def unroute(self, name: str) -> None:
        del self.routes[name]

    def fault(self, fault: Fault, route: str | None = None, upstream: str | None = None) -> int:
        self._faults_ever += 1
        self.faults[self._faults_ever] = fault.name, route, upstream
        return self._faults_ever

    def lift(self, number: int) -> None:
        self.faults.pop(number, None)


class World:
    """A fleet on fakes. ``told`` is what substrate and proxy were told, in order; ``now`` the time; ``well`` who is."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.told: list[str] = []
        self.substrate, self.control = FakeSubstrate(self.told), FakeControl(self.told)
        self.wiring = Wiring(self.control)  # type: ignore[arg-type]
        self.fleet = Fleet(self.substrate, self.wiring)
        self.now = 1000.0
        self.well: Callable[[int], bool] = lambda port: True
        patch.setattr(recipe_module, "healthy", self._healthy)
        clock = SimpleNamespace(monotonic=lambda: self.now, sleep=lambda seconds: None)
        patch.setattr(instance_module, "time", clock)
        patch.setattr(service_module, "time", clock)

    def instance(self, name: str = "stock-1", app: str = "shop.stock:app") -> Instance:
        return Instance(name, AppRecipe(app, {"THREADS": "8"}), self.substrate, self.wiring,  # type: ignore[arg-type]
                        self.fleet.faults.append, lambda: self.told.append("moved"))

    def process(self, name: str) -> FakeProcess:
        """The latest of that name."""
        return next(process for process in reversed(self.substrate.processes) if process.name == name)

    def _healthy(self, port: int, seconds: float) -> bool:
        self.now += 0.1
        return self.well(port)
