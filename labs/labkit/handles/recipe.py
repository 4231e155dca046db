"""How an instance is started, and when it is well: an application of the book's own, or a real system."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Protocol

from labkit.check.names import unknown
from labkit.language import Text
from labkit.substrates.ports import healthy
from labkit.substrates.program import Member
from labkit.substrates.substrate import Endpoint, Served, Substrate
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.programs import program_of
from labkit.systems.system import START_SECONDS, System

__all__ = ["AppRecipe", "Recipe", "SystemRecipe", "no_client", "system_of"]


_ASKED_SECONDS = 5.0
_SILENT = Text("did not answer in its own protocol", "沒有以它自己的協定回應")
_ALONE = Text("did not find the others of its cluster of {n}, or they did not agree,",
              "沒有找到集群的其他成員（共 {n} 個），或彼此未達成一致，")


class Recipe(Protocol):
    """What one instance is made of; ``metrics`` says whether it serves ``/metrics``, ``silence`` what it is that never comes."""

    metrics: ClassVar[bool]

    @property
    def seconds(self) -> float:
        """How long it may take to its first answer, on a busy machine."""
        return START_SECONDS

    @property
    def silence(self) -> Text:
        """What it did not do, when it never got well: "did not answer /health"."""

    def start(self, substrate: Substrate, name: str, endpoint: Endpoint | None) -> Served:
        """Start it, at ``endpoint`` if one is given and can be had; returns before it answers."""

    def well(self, endpoint: Endpoint, seconds: float) -> bool:
        """Whether it answers within ``seconds``."""

    def client(self, name: str, endpoint: Endpoint) -> Any:
        """The usual Python client of a system, connected to this instance; a service of the book's own has none."""


@dataclass(frozen=True)
class AppRecipe(Recipe):
    """An ASGI application with its environment; it is well when ``/health`` is."""

    app: str
    environment: Mapping[str, str]
    metrics: ClassVar[bool] = True
    silence = Text("did not answer /health", "沒有回應 /health")

    def start(self, substrate: Substrate, name: str, endpoint: Endpoint | None) -> Served:
        """Serve the application."""
        return substrate.serve(self.app, name=name, env=self.environment, endpoint=endpoint)

    def well(self, endpoint: Endpoint, seconds: float) -> bool:
        """Whether ``/health`` is answered with 200."""
        return healthy(endpoint.port, seconds)

    def client(self, name: str, endpoint: Endpoint) -> Any:
        """It has none."""
        raise no_client(name)


@dataclass(frozen=True)
class SystemRecipe(Recipe):
    """A real system, and the addresses of whom it calls; it is well when it answers in its own protocol.

    ``me`` is where this instance of it is, ``members`` are those that it must know, itself among them.
    """

    system: System
    callees: Mapping[str, str]
    me: Member
    members: Sequence[Member]
    metrics: ClassVar[bool] = False

    @property
    def seconds(self) -> float:
        """As the system says."""
        return self.system.start_seconds

    @property
    def silence(self) -> Text:
        """A cluster whose members do not find each other answers nobody."""
        return _ALONE.format(n=len(self.members)) if len(self.members) > 1 else _SILENT

    def start(self, substrate: Substrate, name: str, endpoint: Endpoint | None) -> Served:
        """Run the system's program, where it has its place."""
        return substrate.run(program_of(self.system, self.callees), self.me, self.members)

    def well(self, endpoint: Endpoint, seconds: float) -> bool:
        """Whether it answers in its own protocol, asked anew every few seconds: what accepts may be a stranger, and silent."""
        return self.system.ready(*endpoint.here, min(seconds, _ASKED_SECONDS))

    def client(self, name: str, endpoint: Endpoint) -> Any:
        """The system's own, for this instance alone."""
        return self.system.client(*endpoint.here, [endpoint])


def no_client(name: str) -> TypeError:
    """A service of the book's own speaks HTTP, and its handle does so already."""
    return TypeError(str(Text("{name} is a service: use {name}.get(path) and {name}.post(path).",
                              "{name} 是服務：請用 {name}.get(path) 與 {name}.post(path)。").format(name=name)))


def system_of(name: str, settings: Mapping[str, Any]) -> System:
    """The system of this name with these settings; an error with the nearest name when there is none."""
    if name not in SYSTEMS:
        raise unknown(Text("system", "系統"), name, SYSTEMS)
    known = [field.name for field in fields(SYSTEMS[name])]  # type: ignore[arg-type]  # each is a dataclass
    for setting in settings:
        if setting not in known:
            raise unknown(Text("setting of {name}", "{name} 的設定").format(name=name), setting, known)
    return SYSTEMS[name](**settings)
