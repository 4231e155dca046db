"""A service: one or more instances of the same application behind one address."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from typing import Any
from urllib.parse import urlsplit

import httpx

from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.kill import Kill
from labkit.faults.pause import Pause
from labkit.handles.instance import Instance
from labkit.handles.observed import Stats, lines_of
from labkit.handles.recipe import no_client
from labkit.handles.target import Target
from labkit.handles.web import request
from labkit.language import Text
from labkit.substrates.program import Member
from labkit.substrates.substrate import Endpoint, Process
from labkit.systems.system import System

__all__ = ["Service"]


class Service(Target):
    """What ``lab.service`` returns. Faults on it are faults on every instance it has at that moment.

    ``make`` makes its nth instance, by the plan of the day, of a system as one of its ``members``; ``moved`` hears when its
    addresses have changed.
    """

    make: Callable[[int], Instance]
    system: System | None = None
    members: Sequence[Member] = ()

    def __init__(self, name: str, remember: Callable[[Injection], None], moved: Callable[[Service], None]) -> None:
        super().__init__(remember)
        self.name, self.url = name, ""
        self.instances: list[Instance] = []
        self._moved = moved

    def __repr__(self) -> str:
        return f"<service {self.name} at {self.url}, {len(self.instances)} instance(s)>"

    def __getitem__(self, number: int) -> Instance:
        """``stock[0]`` is its first instance."""
        return self.instances[number]

    @property
    def capabilities(self) -> frozenset[str]:
        """What faults its instances can take."""
        return frozenset.intersection(*(i.capabilities for i in self.instances)) if self.instances else frozenset()

    @property
    def running(self) -> bool:
        """Whether at least one instance is there."""
        return any(instance.running for instance in self.instances)

    @property
    def endpoints(self) -> list[Endpoint]:
        """Where each instance listens."""
        return [instance.endpoint for instance in self.instances]

    @property
    def entries(self) -> Sequence[Endpoint]:
        """Those of them to which its address leads, or the address that they share."""
        shared = next((member.shared for member in self.members), None)
        if shared is not None:
            return [Endpoint(shared.outside, shared.inside)]
        return self.system.entries(self.endpoints) if self.system else self.endpoints

    @property
    def title(self) -> str:
        """Its name, and of a real system the version that runs: "redis 7.2.16"."""
        version = self.system.version(*self.instances[0].endpoint.here) if self.system and self.instances else ""
        return f"{self.name} {version}".strip()

    def scale(self, instances: int) -> Service:
        """Have so many instances: start more side by side, or end the last ones."""
        self.require_open()
        if instances < 0:
            raise ValueError(str(Text("{n} instances cannot be; use 0 or more.", "不可能有 {n} 個實例，請用 0 以上的數。"
                                      ).format(n=instances)))
        fresh = [self.make(number + 1) for number in range(len(self.instances), instances)]
        leaving, self.instances = self.instances[instances:], self.instances[:instances] + fresh
        try:
            for instance in fresh:
                instance.launch()
            for instance in fresh:
                instance.wait_ready()
        except BaseException:  # nobody has been led to them yet
            self.instances = [instance for instance in self.instances if instance not in fresh]
            _retire(fresh)
            raise
        self._moved(self)  # first the callers are led elsewhere
        _retire(leaving)
        return self

    def form(self) -> None:
        """Make one cluster of a system's instances, where they do not find each other by themselves.

        Some systems need a second start for it now and then; ``TimeoutError`` when they have had all that they get.
        """
        if self.system is None or not self.instances:
            return
        for left in reversed(range(self.system.starts)):
            try:
                self.system.form(self.endpoints)
                break
            except TimeoutError:
                if not left:
                    raise
                self._start_again()

    def retire(self) -> None:
        """End every instance for good, with the faults that were on them."""
        self.scale(0)
        self._over()

    def restart(self) -> None:
        """End every instance and start it again; whatever was waiting in them is gone."""
        self.require_open()
        self._start_again()
        self.form()
        self._over(Kill, Pause)

    def _start_again(self) -> None:
        for step in (Instance.end, Instance.stop, Instance.launch_again, Instance.ready_again):
            for instance in self.instances:
                step(instance)

    def client(self) -> Any:
        """The system's usual Python client, connected as a user would be; a service of the book's own has get() and post()."""
        if self.system is None:
            raise no_client(self.name)
        where = urlsplit(self.url)
        return self.system.client(str(where.hostname), int(where.port or 0), self.endpoints)

    def get(self, path: str = "/", timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One GET, as a user would send it."""
        self.require_open()
        return request("GET", self.url + path, timeout, **options)

    def post(self, path: str, timeout: float = 5.0, **options: Any) -> httpx.Response:
        """One POST, as a user would send it."""
        self.require_open()
        return request("POST", self.url + path, timeout, **options)

    def stats(self) -> dict[str, Stats]:
        """What each instance uses, by its name."""
        return {instance.name: instance.stats() for instance in self.instances if instance.running}

    def logs(self, last: int | None = 20) -> list[str]:
        """The last lines of its logs, all instances' together (``None``: all lines)."""
        lines = [line for instance in self.instances for line in instance.log_lines()]
        return lines if last is None else lines[-last:] if last else []

    def follow(self, seconds: float = 10.0) -> Iterator[str]:
        """Yield log lines as they are written from now on, for so long, over restarts too."""
        seen = {process: len(lines_of(process)) for process in self._processes()}
        return self._follow(seen, time.monotonic() + seconds)

    def _follow(self, seen: dict[Process, int], until: float) -> Iterator[str]:
        while time.monotonic() < until:
            for process in dict.fromkeys([*seen, *self._processes()]):  # the last words of those that ended come first
                lines = lines_of(process)
                yield from lines[seen.get(process, 0):]
                seen[process] = len(lines)
            time.sleep(0.05)

    def _processes(self) -> list[Process]:
        return [instance.process for instance in self.instances if instance.process is not None]

    def events(self, *kinds: str) -> list[dict[str, Any]]:
        """The JSON log lines of all instances in order of time; those of some kinds, e.g. ``"breaker"``, if given."""
        entries = [entry for instance in self.instances for entry in instance.events(*kinds)]
        return sorted(entries, key=lambda entry: float(entry.get("at", 0.0)))

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Put ``fault`` on every instance, or on none when one of them cannot take it."""
        with contextlib.ExitStack() as lifts:
            for instance in self.instances:
                if instance.running:
                    lifts.callback(instance.inject(fault))
            return lifts.pop_all().close

    def pause(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """Freeze every instance: connections are accepted and nobody answers."""
        return self._fault(Pause(), at, until)

    def resume(self) -> None:
        """Let every paused instance go on."""
        for instance in self.instances:
            instance.resume()
        self._over(Pause)

    def kill(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """End every instance at once. Lifting the fault starts them again."""
        return self._fault(Kill(), at, until)


def _retire(instances: Sequence[Instance]) -> None:
    """End them side by side."""
    for step in (Instance.end, Instance.retire):
        for instance in instances:
            step(instance)
