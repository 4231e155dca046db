"""Traefik: a reverse proxy configured by routers, middlewares and services. The book's edge gateway."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.systems.system import System, asked, nobody_behind, page

__all__ = ["Traefik"]

_PING, _VERSION = "/.traefik/ping", "/.traefik/version"


@dataclass(frozen=True)
class Traefik(System):
    """Traefik before the services that it calls: the first gets every path, each further one those below its name.

    ``retries`` is how often a request is sent again that got no answer, or 502, 503 or 504.
    """

    retries: int = 0

    name: ClassVar[str] = "traefik"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("reverse proxy, gateway", "反向代理、網關")
    breaks: ClassVar[Text] = Text("itself, and whoever is behind it", "它自己，以及它後面的服務")
    licence: ClassVar[str] = "MIT"

    def program(self, callees: Mapping[str, str]) -> Program:
        if not callees:
            raise nobody_behind("Traefik", self.name)
        return Program("Traefik", "traefik:v3.7.15", "traefik", 8080,
                       version=("version",), oldest=(3, 0), brew="traefik",
                       command=_command,
                       files=lambda place: {"traefik.yaml": json.dumps(_static(place), indent=1),
                                            "routes.yaml": json.dumps(self._routes(callees), indent=1)})

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, f"GET {_PING} HTTP/1.0\r\n\r\n".encode(), b"HTTP/1.0 200", seconds)

    def version(self, host: str, port: int) -> str:
        told = page(host, port, _VERSION)
        return str(json.loads(told)["Version"]) if told else ""

    def _routes(self, callees: Mapping[str, str]) -> dict[str, Any]:
        first = next(iter(callees))
        routers: dict[str, Any] = {
            "ping": {"rule": f"Path(`{_PING}`)", "service": "ping@internal"},
            "version": {"rule": f"Path(`{_VERSION}`)", "service": "api@internal", "middlewares": ["version"]}}
        middlewares: dict[str, Any] = {"version": {"replacePath": {"path": "/api/version"}}}
        again = ["retry"] * bool(self.retries)
        if again:
            middlewares["retry"] = {"retry": {"attempts": self.retries + 1, "status": ["502-504"]}}
        for name in callees:
            below = f"PathPrefix(`/{name}/`)"
            routers[f"to-{name}"] = {"rule": "PathPrefix(`/`)" if name == first else below, "service": name,
                                     "middlewares": again + [f"below-{name}"] * (name != first)}
            middlewares[f"below-{name}"] = {"stripPrefix": {"prefixes": [f"/{name}"]}}
        services = {name: {"loadBalancer": {"servers": [{"url": url}], "passHostHeader": True}} for name, url in callees.items()}
        return {"http": {"routers": routers, "middlewares": middlewares, "services": services}}


def _static(place: Place) -> dict[str, Any]:
    """What it is told once; JSON is YAML too."""
    return {"entryPoints": {"web": {"address": f"{place.host}:{place.port}"}},
            "providers": {"file": {"filename": f"{place.config}/routes.yaml", "watch": False}},
            "ping": {"manualRouting": True}, "api": {"dashboard": False}, "log": {"level": "WARN"},
            "global": {"checkNewVersion": False, "sendAnonymousUsage": False}}


def _command(place: Place) -> Sequence[str]:
    return ["traefik", f"--configfile={place.config}/traefik.yaml"]
