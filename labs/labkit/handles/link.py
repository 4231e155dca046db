"""A link: the way from one caller to one service, through the lab's fault proxy."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from labkit.faults.fault import Fault
from labkit.faults.injection import Injection
from labkit.handles.target import Target
from labkit.handles.wiring import Wiring
from labkit.substrates.substrate import Endpoint

__all__ = ["USERS", "Link"]

USERS = "users"


class Link(Target):
    """``caller -> callee``. The caller knows one address, ``url``; the proxy behind it spreads over the instances."""

    def __init__(self, caller: str, callee: str, ends: Sequence[Endpoint], wiring: Wiring,
                 remember: Callable[[Injection], None], scheme: str = "http") -> None:
        super().__init__(remember)
        self.caller, self.callee = caller, callee
        self.name = f"{caller} -> {callee}"
        self._wiring = wiring
        self.url = f"{scheme}://{wiring.route(self.name, ends, from_here=caller == USERS)}"

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
        return self._wiring.break_route(fault, self.name)

    def lead_to(self, ends: Sequence[Endpoint]) -> None:
        """From now on spread new connections over these instances."""
        self._wiring.upstreams(self.name, ends)

    def close(self) -> None:
        """Take the link away: its address refuses from now on, and no fault is on it any more."""
        self._over()
        self._wiring.unroute(self.name)
