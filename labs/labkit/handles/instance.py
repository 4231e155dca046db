"""One running copy of a service."""

from __future__ import annotations

import contextlib
import json
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import httpx
from prometheus_client.parser import text_string_to_metric_families

from labkit.faults.control import ProxyControl
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.kill import Kill
from labkit.faults.pause import Pause
from labkit.handles.failures import ended_while_starting, never_answered
from labkit.handles.ports import healthy, listen
from labkit.handles.target import Target
from labkit.handles.web import request
from labkit.language import Text
from labkit.substrates.substrate import Process, Substrate

__all__ = ["START_SECONDS", "Instance", "Stats", "lines_of"]

START_SECONDS = 30.0
_SERVE = "labkit.substrates.serve:main"


@dataclass(frozen=True)
class Stats:
    """What an instance uses: processor ``cpu`` seconds in all, ``memory`` bytes, and its thread pool."""

    cpu: float
    memory: int
    busy: int | None
    threads: int | None
    waiting: int | None


class Instance(Target):
    """A process that serves one copy of a service on a loopback port of its own."""

    def __init__(self, name: str, app: str, environment: Mapping[str, str], substrate: Substrate,
                 control: ProxyControl, remember: Callable[[Injection], None], moved: Callable[[], None]) -> None:
        super().__init__(remember)
        self.name = name
        self.port = 0
        self.paused = self.retired = False
        self._app, self._environment = app, environment
        self._substrate, self._control, self._moved = substrate, control, moved
        self._process: Process | None = None
        self._earlier: list[Process] = []

    def __repr__(self) -> str:
        state = "paused" if self.paused else "running" if self.running else "not running"
        return f"<{self.name} at {self.url}, {state}>"

    @property
    def capabilities(self) -> frozenset[str]:
        """What its substrate can do."""
        return self._substrate.capabilities

    @property
    def address(self) -> str:
        """"host:port" of the instance itself, past every link."""
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """The address of this instance itself, past every link."""
        return f"http://{self.address}"

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._started().pid

    @property
    def running(self) -> bool:
        """Whether its process is there; a paused one is."""
        return self._process is not None and self._process.running

    # Start and end

    def launch(self, port: int = 0) -> None:
        """Bind a port first and hand it over, so that it cannot be taken in between; returns before it answers."""
        self.require_open()
        if self._process is not None:
            self._earlier.append(self._process)
        with listen(port, self.name) as listener:
            self.port = listener.getsockname()[1]
            self._process = self._substrate.launch(_SERVE, {"app": self._app}, [listener.fileno()], name=self.name,
                                                   env=self._environment)
        self.paused = False

    def wait_ready(self, seconds: float = START_SECONDS) -> None:
        """Wait for the first 200 of ``/health``. The port listens already, so the request itself waits, not a loop."""
        process, until = self._started(), time.monotonic() + seconds
        while time.monotonic() < until:
            if healthy(self.port, until - time.monotonic()):
                return
            if process.wait(0.01):
                raise ended_while_starting(self.name, process)
        self.stop()
        raise never_answered(self.name, seconds, process)

    def stop(self) -> None:
        """End it at once and wait until it is gone."""
        if self._process is not None and self._process.running:
            self._process.signal(signal.SIGKILL)
            self._process.wait(5.0)

    def retire(self) -> None:
        """End it for good: whatever fault it had is over, and lifting one cannot bring it back."""
        self.retired = True
        self.stop()
        self._over()

    def restart(self) -> None:
        """End it and start it again, on the same port where that is still free. It is neither killed nor paused then."""
        self.require_open()
        self.stop()
        try:
            self.launch(self.port)
        except OSError:
            self.launch()
        self.wait_ready()
        self._over(Kill, Pause)
        self._moved()

    # Look at it

    def get(self, path: str = "/", timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One GET to this very instance."""
        self.require_open()
        return request("GET", self.url + path, timeout, **options)

    def post(self, path: str, timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One POST to this very instance."""
        self.require_open()
        return request("POST", self.url + path, timeout, **options)

    def log_lines(self) -> list[str]:
        """All lines it has written since it was last started."""
        return [] if self._process is None else lines_of(self._process)

    def events(self, *kinds: str) -> Iterator[dict[str, Any]]:
        """The JSON log lines of all its starts as dictionaries; those whose ``"event"`` is among ``kinds``, if given."""
        lines = (line for process in (*self._earlier, self._process) if process for line in lines_of(process))
        for line in lines:
            if kinds and not any(kind in line for kind in kinds):
                continue  # a log is long, and reading JSON slow
            with contextlib.suppress(ValueError):  # not JSON, or cut off where a kill came in between
                entry = json.loads(line)
                if isinstance(entry, dict) and (not kinds or entry.get("event") in kinds):
                    yield entry

    def metrics(self, timeout: float = 1.0) -> dict[str, float]:
        """Its metrics by name, added up over their labels; empty when it does not answer or has none."""
        try:
            text = self.get("/metrics", timeout=timeout).raise_for_status().text
        except httpx.HTTPError:
            return {}
        totals: dict[str, float] = {}
        for family in text_string_to_metric_families(text):
            for sample in family.samples:
                totals[sample.name] = totals.get(sample.name, 0.0) + sample.value
        return totals

    def memory(self) -> int:
        """Its memory in bytes, its share of what it shares with others."""
        return self._started().usage().memory

    def stats(self) -> Stats:
        """Processor time, memory and threads; the threads are None while it does not answer."""
        usage, metrics = self._started().usage(), self.metrics()
        busy, threads, waiting = (int(metrics[name]) if name in metrics else None for name in
                                  ("pool_threads_busy", "pool_threads_total", "pool_tasks_waiting"))
        return Stats(usage.cpu, usage.memory, busy, threads, waiting)

    # Break it

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Network faults go to the proxy, for all that comes to this instance; the others to its process."""
        if isinstance(fault, Pause):
            return self._pause()
        if isinstance(fault, Kill):
            return self._kill()
        number = self._control.fault(fault, upstream=self.address)
        return lambda: self._control.lift(number)

    def pause(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """Freeze it (SIGSTOP): the kernel still accepts connections for it, and nobody answers."""
        return self._fault(Pause(), at, until)

    def resume(self) -> None:
        """Let a paused instance go on."""
        if self.running:
            self._started().signal(signal.SIGCONT)
        self.paused = False
        self._over(Pause)

    def kill(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """End it at once (SIGKILL): callers are refused. Lifting the fault starts it again."""
        return self._fault(Kill(), at, until)

    def _pause(self) -> Callable[[], None]:
        self._started().signal(signal.SIGSTOP)
        self.paused = True
        return self.resume

    def _kill(self) -> Callable[[], None]:
        self.stop()
        return self._revive

    def _revive(self) -> None:
        if not self.running and not self.retired:
            self.restart()

    @property
    def process(self) -> Process | None:
        """What runs for it now, or ran last."""
        return self._process

    def _started(self) -> Process:
        self.require_open()
        if self._process is None:
            raise RuntimeError(str(Text("{name} was never started.", "{name} 從未啟動。").format(name=self.name)))
        return self._process


def lines_of(process: Process) -> list[str]:
    """The lines of its log; one that has no end yet is still being written and left out."""
    return process.log().split("\n")[:-1]
