"""One running copy of a service."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable
from typing import Any, cast

from labkit.faults.disconnect import Disconnect
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.kill import Kill
from labkit.faults.pause import Pause
from labkit.faults.throttle import Throttle
from labkit.handles.failures import ended_while_starting, never_answered
from labkit.handles.observed import Observed
from labkit.handles.recipe import Recipe
from labkit.handles.wiring import Wiring
from labkit.substrates.substrate import Contained, Endpoint, Substrate

__all__ = ["Instance"]

_END_SECONDS = 10.0


class Instance(Observed):
    """One copy of a service, in a process or container of its own, at a loopback port of its own."""

    def __init__(self, name: str, recipe: Recipe, substrate: Substrate, wiring: Wiring,
                 remember: Callable[[Injection], None], moved: Callable[[], None]) -> None:
        super().__init__(remember)
        self.name = name
        self.paused = self.retired = False
        self._recipe, self._substrate, self._wiring, self._moved = recipe, substrate, wiring, moved

    def __repr__(self) -> str:
        state = "paused" if self.paused else "running" if self.running else "not running"
        return f"<{self.name} at {self.url if self._process else 'no address yet'}, {state}>"

    @property
    def capabilities(self) -> frozenset[str]:
        """What its substrate can do."""
        return self._substrate.capabilities

    @property
    def endpoint(self) -> Endpoint:
        """Where the instance itself listens, past every link."""
        return self._started().endpoint

    @property
    def port(self) -> int:
        """Its port on this machine, past every link."""
        return self.endpoint.port

    @property
    def url(self) -> str:
        """The address of this instance itself, past every link."""
        return f"http://{self.endpoint.outside}"

    @property
    def observed(self) -> bool:
        """Whether it serves ``/metrics``, as every service of the book's own does."""
        return self._recipe.metrics

    @property
    def pid(self) -> int:
        """Its process id."""
        return self._started().pid

    @property
    def running(self) -> bool:
        """Whether its process is there; a paused one is."""
        return self._process is not None and self._process.running

    def client(self) -> Any:
        """The system's usual Python client, connected to this very instance, past every link."""
        self.require_open()
        return self._recipe.client(self.name, self.endpoint)

    # Start and end

    def launch(self, endpoint: Endpoint | None = None) -> None:
        """Start it, at ``endpoint`` if one is given; returns before it answers. ``OSError`` when that port is taken."""
        self.require_open()
        if self._process is not None:
            self._earlier.append(self._process)
        self._process = self._recipe.start(self._substrate, self.name, endpoint)
        self._process.call_when_gone(self._moved)
        self.paused = False

    def wait_ready(self, seconds: float | None = None) -> None:
        """Wait until it is well, by default as long as its kind may take. A service's port listens already: the request waits."""
        process, seconds = self._started(), self._recipe.seconds if seconds is None else seconds
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            if self._recipe.well(process.endpoint, until - time.monotonic()):
                return
            if process.wait(0.01):
                raise ended_while_starting(self.name, process)
        self.stop()
        raise never_answered(self.name, self._recipe.silence, seconds, process)

    def end(self) -> None:
        """Tell it to end at once; returns before it is gone, so that many can be ended side by side."""
        if self._process is not None and self._process.running:
            self._process.signal(signal.SIGKILL)

    def stop(self) -> None:
        """End it at once and wait until it is gone."""
        self.end()
        if self._process is not None:
            self._process.wait(_END_SECONDS)

    def retire(self) -> None:
        """End it for good: whatever fault it had is over, and lifting one cannot bring it back."""
        self.retired = True
        self.stop()
        self._over()

    def restart(self) -> None:
        """End it and start it again, on the same port where that is still free. It is neither killed nor paused then."""
        self.require_open()
        self.stop()
        self.launch_again()
        self.ready_again()

    def launch_again(self) -> None:
        """Start it anew, where it was before if that can be; returns before it answers."""
        try:
            self.launch(self.endpoint)
        except OSError:
            self.launch()

    def ready_again(self) -> None:
        """Wait until it is well, and lead its callers to it."""
        self.wait_ready()
        self._over(Kill, Pause)
        self._moved()

    # Break it

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Network faults go to the proxy, for all that comes to this instance; the others to its process."""
        if isinstance(fault, Pause):
            return self._pause()
        if isinstance(fault, Kill):
            return self._kill()
        if isinstance(fault, Throttle):
            return self._contained().limit_cpus(fault.cpus)
        if isinstance(fault, Disconnect):
            return self._disconnect()
        return self._wiring.break_end(fault, self.endpoint)

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

    def throttle(self, cpus: float, *, at: float | None = None, until: float | None = None) -> Injection:
        """Let it use at most so many processors (0.2: a fifth of one). A container alone can take it."""
        return self._fault(Throttle(cpus), at, until)

    def disconnect(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """Take it off its network: it is refused, and reaches nobody. A container alone can take it."""
        return self._fault(Disconnect(), at, until)

    def _contained(self) -> Contained:
        """What runs, as something that an engine can limit; its capabilities have said that it is."""
        return cast(Contained, self._started())

    def _disconnect(self) -> Callable[[], None]:
        connect = self._contained().disconnect()

        def lift() -> None:
            connect()
            self._moved()

        return lift

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
