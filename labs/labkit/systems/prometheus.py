"""Prometheus: collects what services measure of themselves, and answers questions about it. The book's monitoring."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, on_page, page

if TYPE_CHECKING:
    import httpx

__all__ = ["Prometheus"]


@dataclass(frozen=True)
class Prometheus(System):
    """Prometheus asks every instance of the services that it calls for ``/metrics``, each ``interval`` seconds.

    In what it stores ``job`` is the service's name and ``instance`` the instance's. ``alerts`` are rules by name, each a query
    in PromQL, as in ``{"StockDown": 'up{job="stock"} == 0'}``: what it finds for ``hold`` seconds is an alert, which goes to
    the callee that is called as ``alertmanager`` says. The instances are those of its start; have more, and start it anew.
    """

    interval: float = 1.0
    alerts: Mapping[str, str] = field(default_factory=dict)
    hold: float = 0.0
    alertmanager: str = "alertmanager"

    name: ClassVar[str] = "prometheus"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("metrics, queries, alert rules", "指標、查詢、告警規則")
    breaks: ClassVar[Text] = Text("a kill: what it had collected is there again; whom it asks: they count as down",
                                  "終止：已收集的數據都還在；被收集的實例：算作停機")
    licence: ClassVar[str] = "Apache-2.0"
    sees_each: ClassVar[bool] = True

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Prometheus", "prom/prometheus:v2.53.3", "prometheus", 9090,
                       version=("--version",), oldest=(2, 30), debian="prometheus", brew="prometheus",
                       fedora="golang-github-prometheus",
                       command=_command, files=lambda place: self._files(callees), keeps=True)

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return "Ready" in page(host, port, "/-/ready", seconds)

    def version(self, host: str, port: int) -> str:
        return on_page(host, port, "/api/v1/status/buildinfo", r'"version":"([\d.]+)')

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> httpx.Client:
        """httpx on its HTTP interface: ``client.get("/query", params={"query": "up"})`` answers in JSON."""
        import httpx

        return httpx.Client(base_url=f"http://{host}:{port}/api/v1", timeout=5.0)

    def _files(self, callees: Mapping[str, str]) -> dict[str, str]:
        """In JSON, which YAML has in it."""
        every = f"{max(1, round(self.interval * 1000))}ms"
        asked = {name: url for name, url in callees.items() if url.startswith("http") and name != self.alertmanager}
        told = _addresses(callees.get(self.alertmanager, ""))
        rules = [{"alert": name, "expr": query, "for": f"{round(self.hold * 1000)}ms"} for name, query in self.alerts.items()]
        settings = {"global": {"scrape_interval": every, "scrape_timeout": every, "evaluation_interval": every},
                    "scrape_configs": [{"job_name": name, "static_configs": _targets(name, url)} for name, url in asked.items()],
                    "rule_files": ["rules.json"],
                    "alerting": {"alertmanagers": [{"static_configs": [{"targets": told}]}] if told else []}}
        return {"prometheus.json": json.dumps(settings), "rules.json": json.dumps({"groups": [{"name": "lab", "rules": rules}]})}


def _addresses(url: str) -> list[str]:
    """Of all instances behind it."""
    return [address for address in urlsplit(url).netloc.split(",") if address]


def _targets(name: str, url: str) -> list[dict[str, Any]]:
    """Each instance under its own name; its address is that of the lab's proxy."""
    return [{"targets": [address], "labels": {"instance": f"{name}-{number}"}} for number, address in enumerate(_addresses(url), 1)]


def _command(place: Place) -> Sequence[str]:
    return ["prometheus", f"--config.file={place.config}/prometheus.json", f"--storage.tsdb.path={place.folder}/tsdb",
            f"--web.listen-address={place.host}:{place.port}", "--log.level=warn"]
