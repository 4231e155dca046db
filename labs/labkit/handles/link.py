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
    """``caller -> callee``. The caller knows one address, ``url``; the proxy behind it spreads over the instances.

    A caller that sees ``each`` of them, for it balances itself, has an address for each: "http://HOST:PORT,HOST:PORT". Those
    stay; what is there refuses while its instance is gone.
    """

    def __init__(self, caller: str, callee: str, ends: Sequence[Endpoint], wiring: Wiring,
                 remember: Callable[[Injection], None], scheme: str = "http", *, each: bool = False) -> None:
        super().__init__(remember)
        self.caller, self.callee, self.each = caller, callee, each
        self.name = f"{caller} -> {callee}"
        self._wiring, self._scheme = wiring, scheme
        self._routes: dict[str, str] = {}
        self._broken: list[tuple[Fault, list[Callable[[], None]]]] = []  # what is on it, and what lifts that on each route
        self._ends = 0
        self.lead_to(ends)

    def __repr__(self) -> str:
        return f"<link {self.name} at {self.url}>"

    @property
    def url(self) -> str:
        """What its caller calls."""
        return f"{self._scheme}://{','.join(list(self._routes.values())[:self._ends])}"

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
        broken = fault, [self._wiring.break_route(fault, route) for route in self._routes]
        self._broken.append(broken)

        def lift() -> None:
            self._broken.remove(broken)
            for one in broken[1]:
                one()

        return lift

    def lead_to(self, ends: Sequence[Endpoint]) -> None:
        """From now on spread new connections over these instances, or lead each address to its own."""
        ways = {f"{self.name}-{number}": [end] for number, end in enumerate(ends, 1)} if self.each else {self.name: ends}
        self._ends = len(ways)
        for route in {**self._routes, **ways}:
            if route in self._routes:
                self._wiring.upstreams(route, ways.get(route, []))
            else:
                self._open(route, ways[route])

    def _open(self, route: str, ends: Sequence[Endpoint]) -> None:
        self._routes[route] = self._wiring.route(route, ends, from_here=self.caller == USERS)
        for fault, lifts in self._broken:
            lifts.append(self._wiring.break_route(fault, route))

    def close(self) -> None:
        """Take the link away: its address refuses from now on, and no fault is on it any more."""
        self._over()
        for route in self._routes:
            self._wiring.unroute(route)
