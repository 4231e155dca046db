"""Alertmanager: takes alerts, puts those that belong together into one message, and tells whom it concerns."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, on_page, page

if TYPE_CHECKING:
    import httpx

__all__ = ["Alertmanager"]


@dataclass(frozen=True)
class Alertmanager(System):
    """Alerts that are alike in the labels ``by`` are one message to every service that it calls: a POST to its ``path``.

    The first message of a group waits ``wait`` seconds for others of it; when the group changes the next one comes
    ``interval`` seconds later, and when nothing changes it is repeated after ``again`` seconds.
    """

    by: tuple[str, ...] = ("alertname",)
    wait: float = 1.0
    interval: float = 2.0
    again: float = 3600.0
    path: str = "/alerts"

    name: ClassVar[str] = "alertmanager"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("grouping and routing of alerts", "告警分組與通知")
    breaks: ClassVar[Text] = Text("itself, and whom it tells: the message comes when that is back",
                                  "它自己，以及它通知的服務：恢復後會收到通知")
    licence: ClassVar[str] = "Apache-2.0"

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Alertmanager", "prom/alertmanager:v0.28.1", "alertmanager", 9093,
                       version=("--version",), oldest=(0, 22), debian="prometheus-alertmanager", brew="alertmanager",
                       fedora="golang-github-prometheus-alertmanager",
                       command=_command, files=lambda place: {"alertmanager.json": json.dumps(self._settings(callees))},
                       also_called=("prometheus-alertmanager",))

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return page(host, port, "/-/ready", seconds).strip() == "OK"

    def version(self, host: str, port: int) -> str:
        return on_page(host, port, "/api/v2/status", r'"version":"([\d.]+)')

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> httpx.Client:
        """httpx on its HTTP interface: ``client.get("/alerts")``, and POST there gives it alerts."""
        import httpx

        return httpx.Client(base_url=f"http://{host}:{port}/api/v2", timeout=5.0)

    def _settings(self, callees: Mapping[str, str]) -> dict[str, object]:
        """In JSON, which YAML has in it."""
        route = {"receiver": "callees", "group_by": list(self.by), "group_wait": _duration(self.wait),
                 "group_interval": _duration(self.interval), "repeat_interval": _duration(self.again)}
        return {"route": route, "receivers": [
            {"name": "callees", "webhook_configs": [{"url": url + self.path} for url in callees.values()]}]}


def _duration(seconds: float) -> str:
    """As its configuration has it; 0 is none for some of them."""
    return f"{max(1, round(seconds * 1000))}ms"


def _command(place: Place) -> Sequence[str]:
    return ["alertmanager", f"--config.file={place.config}/alertmanager.json", f"--storage.path={place.folder}",
            f"--web.listen-address={place.host}:{place.port}", "--cluster.listen-address=", "--log.level=warn"]
