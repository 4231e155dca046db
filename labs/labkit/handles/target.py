"""What a fault can be put on: a link, an instance, or all instances of a service."""

from __future__ import annotations

from collections.abc import Callable

from labkit.errors import Closed
from labkit.faults.bandwidth import Bandwidth
from labkit.faults.cut import Cut
from labkit.faults.error import ErrorRate
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.faults.latency import Latency
from labkit.faults.reset import Reset

__all__ = ["Target"]


class Target:
    """Names the faults. Each method injects at once and returns a handle with ``lift()`` that also works as ``with``.

    With ``at`` (and ``until``), in seconds of the next load, nothing happens yet: hand the fault to
    ``lab.load(..., faults=...)``, which injects and lifts it on time.
    """

    name: str
    closed = False  # its lab sets this at the end: a handle may live longer than what it is a handle of

    def __init__(self, remember: Callable[[Injection], None]) -> None:
        self._remember = remember
        self._injections: list[Injection] = []

    @property
    def capabilities(self) -> frozenset[str]:
        """What this target's substrate can do; a fault that needs something else is refused."""
        raise NotImplementedError

    @property
    def running(self) -> bool:
        """Whether there is something here that a fault can change."""
        raise NotImplementedError

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Put ``fault`` in place and return what takes it away again."""
        raise NotImplementedError

    def latency(self, seconds: float, jitter: float = 0.0, *, at: float | None = None,
                until: float | None = None) -> Injection:
        """Hold each answer back by ``seconds``, give or take ``jitter``."""
        return self._fault(Latency(seconds, jitter), at, until)

    def bandwidth(self, bytes_per_second: float, *, at: float | None = None, until: float | None = None) -> Injection:
        """Let answers through at no more than so many bytes a second."""
        return self._fault(Bandwidth(bytes_per_second), at, until)

    def error(self, share: float = 1.0, status: int = 503, *, at: float | None = None,
              until: float | None = None) -> Injection:
        """Answer this share of the requests with an error of this HTTP status, before they arrive."""
        return self._fault(ErrorRate(share, status), at, until)

    def cut(self, *, at: float | None = None, until: float | None = None) -> Injection:
        """Let nothing through, silently: what a pulled cable looks like from both ends."""
        return self._fault(Cut(), at, until)

    def reset(self, share: float = 1.0, *, at: float | None = None, until: float | None = None) -> Injection:
        """Break connections off with a TCP reset."""
        return self._fault(Reset(share), at, until)

    def require_open(self) -> None:
        """Raise :class:`~labkit.errors.Closed` when the lab of this handle is closed."""
        if self.closed:
            raise Closed

    def _fault(self, fault: Fault, at: float | None, until: float | None) -> Injection:
        self.require_open()
        injection = Injection(fault, self, at, until)
        self._remember(injection)
        self._injections = [one for one in self._injections if one.active or one.planned] + [injection]
        if at is None:
            injection.inject()
        return injection

    def _over(self, *kinds: type[Fault]) -> None:
        """Faults of these kinds (all) are here no more: it was restarted, say. So none may count as in place."""
        for injection in self._injections:
            if not kinds or isinstance(injection.fault, kinds):
                injection.lift()
