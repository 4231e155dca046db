"""An injection: one fault in one target, from the moment it is injected until it is lifted.

    with Injection(Latency(3.0), link):     # injected on entering, lifted on leaving, whatever happens between
        ...
    Injection(Cut(), link, at=2, until=4)   # planned: in place from second 2 to 4 of the next load
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import NamedTuple, Protocol

from labkit.faults.fault import Fault, FaultError, require_number
from labkit.language import Text

__all__ = ["Injection", "RefusedError", "Span", "Target"]

_WHERE = {
    "proxy": Text("it is a fault of the network: inject it into the link between two services",
                  "它是網路的故障：請對兩個服務之間的連線注入"),
    "cpus": Text("the limit is the engine's to set, so the service must run as a container: LABKIT_SUBSTRATE=docker",
                 "這個上限由引擎設定，服務必須以容器執行：LABKIT_SUBSTRATE=docker"),
    "network": Text("it takes a network of the service's own, so the service must run as a container: "
                    "LABKIT_SUBSTRATE=docker. cut() is the nearest that every link can take",
                    "這需要服務有自己的網路，所以必須以容器執行：LABKIT_SUBSTRATE=docker。每條連線都能用的、最接近的是 cut()"),
    "signals": Text("it is a fault of a process: inject it into an instance of a service",
                    "它是進程的故障：請對服務的實例注入"),
}


class Target(Protocol):
    """What a fault can be injected into: a link, an instance, a system."""

    @property
    def name(self) -> str:
        """How the reader calls it."""

    @property
    def capabilities(self) -> frozenset[str]:
        """What it can do, in the words of ``Fault.needs``."""

    @property
    def running(self) -> bool:
        """Whether there is something to break."""

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Put the fault in place; gives what lifts it."""


class RefusedError(RuntimeError):
    """The target cannot take this fault, or not now; the sentence says where it can be done."""


class Span(NamedTuple):
    """When a fault was in place, for charts: ``time.monotonic`` seconds; ``ended`` is None while it still is.

    ``on`` names its target.
    """

    label: Text
    began: float
    ended: float | None
    on: str


class Injection:
    """``fault`` in ``target``; ``at`` and ``until`` plan it, in seconds of the next load.

    Injecting twice, or lifting twice, changes nothing; after a lift it can be injected again, as a repeated run does.
    May be used from any thread. ``clock`` gives monotonic seconds.
    """

    def __init__(self, fault: Fault, target: Target, at: float | None = None, until: float | None = None, *,
                 clock: Callable[[], float] = time.monotonic) -> None:
        _check_plan(at, until)
        self.fault, self.target, self.at, self.until = fault, target, at, until
        self.began: float | None = None
        self.ended: float | None = None
        self._clock = clock
        self._lock = threading.RLock()
        self._lifter: Callable[[], None] | None = None
        if target.running:  # what does not run cannot tell; it is asked when the fault is injected
            self._refuse_unless_able()

    @property
    def active(self) -> bool:
        """Whether the fault is in place."""
        return self._lifter is not None

    @property
    def planned(self) -> bool:
        """Whether a load injects or lifts it at its second."""
        return self.at is not None or self.until is not None

    @property
    def mark(self) -> Span | None:
        """When it was, or is, in place; None when it never was."""
        return None if self.began is None else Span(self.fault.label, self.began, self.ended, self.target.name)

    def inject(self) -> None:
        """Put the fault in place; raises :class:`RefusedError` when the target cannot take it or is not running."""
        with self._lock:
            if self._lifter is None:
                self._refuse_unless_running()
                self._refuse_unless_able()
                self._lifter = self.target.inject(self.fault)
                self.began, self.ended = self._clock(), None

    def lift(self) -> None:
        """Take the fault out."""
        with self._lock:
            if self._lifter is not None:
                lifter, self._lifter, self.ended = self._lifter, None, self._clock()
                lifter()

    def over(self) -> None:
        """The target is gone, and the fault with it: there is nothing left to take out."""
        with self._lock:
            if self._lifter is not None:
                self._lifter, self.ended = None, self._clock()

    def __enter__(self) -> Injection:
        self.inject()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.lift()

    def __repr__(self) -> str:
        return f"<{self.target.name}: {self.fault.label}{'' if self.active else ', not in place'}>"

    def _refuse_unless_able(self) -> None:
        if self.fault.needs not in self.target.capabilities:
            raise RefusedError(str(Text(
                '"{target}" cannot take the fault "{fault}"; {where}.', "「{target}」無法注入「{fault}」；{where}。",
            ).format(target=self.target.name, fault=self.fault.label, where=_WHERE[self.fault.needs])))

    def _refuse_unless_running(self) -> None:
        if not self.target.running:
            raise RefusedError(str(Text(
                '"{target}" is not running, so "{fault}" would do nothing: start it first, then inject.',
                "「{target}」沒有在執行，注入「{fault}」不會有任何作用：請先啟動它，再注入。",
            ).format(target=self.target.name, fault=self.fault.label)))


def _check_plan(at: float | None, until: float | None) -> None:
    for setting, value in (("at", at), ("until", until)):
        if value is not None:
            require_number(setting, value, Text("seconds", "秒數"))
    if until is not None and until <= (at or 0.0):
        raise FaultError(Text("until={until:g} is not after at={at:g}: it would be lifted before it is in place.",
                              "until={until:g} 不在 at={at:g} 之後：故障還沒注入就要解除了。").format(
                                  until=until, at=at or 0.0))
