"""A link: the way from one caller to one service, through the lab's fault proxy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labkit.faults.control import ProxyControl
from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.handles.target import Target

__all__ = ["Link"]


class Link(Target):
    """``caller -> callee``. The caller knows one address, ``url``; the proxy behind it spreads over the instances."""

    def __init__(self, caller: str, callee: str, upstreams: Sequence[str], control: ProxyControl,
                 remember: Callable[[Injection], None]) -> None:
        super().__init__(remember)
        self.caller, self.callee = caller, callee
        self.name = f"{caller} -> {callee}"
        self._control = control
        self.url = f"http://127.0.0.1:{control.route(self.name, list(upstreams))}"

    def __repr__(self) -> str:
        return f"<link {self.name} at {self.url}>"

    @property
    def capabilities(self) -> frozenset[str]:
        """A link can do what the proxy can."""
        return frozenset({"proxy"})

    @property
    def running(self) -> bool:
        """A link is there as long as its lab is."""
        return True

    def inject(self, fault: Fault) -> Callable[[], None]:
        """Put ``fault`` on everything that goes along this link."""
        number = self._control.fault(fault, route=self.name)
        return lambda: self._control.lift(number)

    def lead_to(self, upstreams: Sequence[str]) -> None:
        """From now on spread new connections over these addresses ("host:port")."""
        self._control.upstreams(self.name, list(upstreams))

    def close(self) -> None:
        """Take the link away: its address refuses from now on, and no fault is on it any more."""
        self._over()
        self._control.unroute(self.name)
