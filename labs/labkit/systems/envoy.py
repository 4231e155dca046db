"""Envoy: a proxy with retries and limits of its own, as a gateway or beside each service of a mesh."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.systems.system import System, asked, nobody_behind, on_page

__all__ = ["Envoy"]

_READY, _VERSION = "/.envoy/ready", "/.envoy/server_info"
_TYPES = "type.googleapis.com/envoy.extensions.filters"


@dataclass(frozen=True)
class Envoy(System):
    """Envoy before the services that it calls: the first gets every path, each further one those below its name.

    ``retries`` is how often a request is sent again that got no answer or a 5xx; ``timeout`` how many seconds all tries of
    one together may take; ``max_requests`` how many are under way to one service, and the next one is refused with 503:
    what Envoy calls its circuit breaker.
    """

    retries: int = 0
    timeout: float = 15.0
    max_requests: int = 1024

    name: ClassVar[str] = "envoy"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("gateway, sidecar of a service mesh", "網關、服務網格的 Sidecar")
    breaks: ClassVar[Text] = Text("itself, and whoever is behind it", "它自己，以及它後面的服務")
    licence: ClassVar[str] = "Apache-2.0"

    def program(self, callees: Mapping[str, str]) -> Program:
        if not callees:
            raise nobody_behind("Envoy", self.name)
        return Program("Envoy", "envoyproxy/envoy:v1.40.0", "envoy", 8080,
                       version=("--version",), oldest=(1, 30), brew="envoy",
                       command=_command,
                       files=lambda place: {"envoy.json": json.dumps(self._configuration(place, callees), indent=1)},
                       ports={"admin": 9901})

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, f"GET {_READY} HTTP/1.1\r\nHost: envoy\r\nConnection: close\r\n\r\n".encode(), b"HTTP/1.1 200",
                     seconds)

    def version(self, host: str, port: int) -> str:
        return on_page(host, port, _VERSION, r'"version": "[^/]*/([\d.]+)')

    def _configuration(self, place: Place, callees: Mapping[str, str]) -> dict[str, Any]:
        admin = ("127.0.0.1", place.me.ports["admin"])
        at = {name: (str(urlsplit(url).hostname), int(urlsplit(url).port or 80)) for name, url in callees.items()}
        clusters = [_cluster("admin", admin), *(self._limited(_cluster(name, address)) for name, address in at.items())]
        return {"admin": {"address": _address(admin)},
                "static_resources": {"listeners": [_listener((place.host, place.port), self._routes(list(callees)))],
                                     "clusters": clusters}}

    def _routes(self, names: Sequence[str]) -> list[dict[str, Any]]:
        own = [{"match": {"path": path}, "route": {"cluster": "admin", "prefix_rewrite": path.removeprefix("/.envoy")}}
               for path in (_READY, _VERSION)]
        policy: dict[str, Any] = {"timeout": f"{self.timeout:g}s"}
        if self.retries:
            policy["retry_policy"] = {"retry_on": "5xx,reset,connect-failure", "num_retries": self.retries}
        below = [{"match": {"prefix": f"/{name}/"}, "route": {"cluster": name, "prefix_rewrite": "/", **policy}}
                 for name in names[1:]]
        return [*own, *below, {"match": {"prefix": "/"}, "route": {"cluster": names[0], **policy}}]

    def _limited(self, cluster: dict[str, Any]) -> dict[str, Any]:
        return {**cluster, "circuit_breakers": {"thresholds": [{"max_requests": self.max_requests}]}}


def _address(address: tuple[str, int]) -> dict[str, Any]:
    return {"socket_address": {"address": address[0], "port_value": address[1]}}


def _cluster(name: str, address: tuple[str, int]) -> dict[str, Any]:
    """One service, at the one address at which its link begins."""
    endpoint = {"endpoint": {"address": _address(address)}}
    return {"name": name, "type": "STATIC", "connect_timeout": "2s",
            "load_assignment": {"cluster_name": name, "endpoints": [{"lb_endpoints": [endpoint]}]}}


def _listener(address: tuple[str, int], routes: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    manager = {"@type": f"{_TYPES}.network.http_connection_manager.v3.HttpConnectionManager", "stat_prefix": "http",
               "route_config": {"virtual_hosts": [{"name": "all", "domains": ["*"], "routes": list(routes)}]},
               "http_filters": [{"name": "router", "typed_config": {"@type": f"{_TYPES}.http.router.v3.Router"}}]}
    return {"address": _address(address), "filter_chains": [{"filters": [{"name": "http", "typed_config": manager}]}]}


def _command(place: Place) -> Sequence[str]:
    return ["envoy", "-c", f"{place.config}/envoy.json", "--concurrency", "1", "--disable-hot-restart", "--log-level", "warn"]
