"""Consul: a registry that asks after the health of what is registered, over a store that a majority agrees on (Raft)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, page

if TYPE_CHECKING:
    import httpx

__all__ = ["Consul"]


@dataclass(frozen=True)
class Consul(System):
    """One is an agent for development, in memory alone; several ``instances`` are one cluster: of three, one may fail.

    A container that comes back may have another address, with which Consul lets its name in again half a minute later.
    """

    name: ClassVar[str] = "consul"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("service discovery with health checks, key-value store", "帶健康檢查的服務發現、鍵值儲存")
    breaks: ClassVar[Text] = Text("its leader: the others elect; two of three: no write is taken, stale reads are answered",
                                  "領導者：其他成員重新選舉；三個壞兩個：不再接受寫入，仍可讀取舊值")
    licence: ClassVar[str] = "BUSL-1.1 (MPL-2.0 up to 1.16)"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 120.0

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Consul", "hashicorp/consul:1.22.7", "consul", 8500,
                       version=("version",), oldest=(1, 14), brew="consul",
                       command=_command, ports={"server": 8300, "serf": 8301}, keeps=True,
                       environment=lambda place: {"CONSUL_DISABLE_PERM_MGMT": "1"})  # else its image changes the user, as root

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it knows a leader."""
        return ":" in page(host, port, "/v1/status/leader", seconds)

    def version(self, host: str, port: int) -> str:
        told = page(host, port, "/v1/agent/self")
        return str(json.loads(told)["Config"]["Version"]) if told else ""

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> httpx.Client:
        """httpx on its API: ``client.put("/agent/service/register", json={...})``, ``client.get("/health/service/stock")``."""
        import httpx

        return httpx.Client(base_url=f"http://{host}:{port}/v1", timeout=10.0)


def _command(place: Place) -> Sequence[str]:
    me, several = place.me, len(place.members) > 1
    ports = [f"-http-port={me.port}", f"-server-port={me.ports['server']}", f"-serf-lan-port={me.ports['serf']}",
             "-dns-port=-1", "-serf-wan-port=-1", "-grpc-port=-1", "-grpc-tls-port=-1"]
    joined = [f"-retry-join={one.at('serf')}" for one in place.members if one is not me]
    cluster = ["-server", f"-bootstrap-expect={len(place.members)}", f"-data-dir={place.folder}/consul", "-retry-interval=1s",
               "-hcl=performance { raft_multiplier = 1 }", *joined]
    return ["consul", "agent", f"-node={me.name}", f"-bind={place.host}", f"-client={place.host}", "-log-level=warn", *ports,
            *(cluster if several else ["-dev"])]
