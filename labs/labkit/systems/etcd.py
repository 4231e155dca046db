"""etcd: a small store that a majority agrees on (Raft). The book's registry, leader election and source of truth."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, on_page, page

if TYPE_CHECKING:
    import httpx

__all__ = ["Etcd"]


@dataclass(frozen=True)
class Etcd(System):
    """``instances`` of it are one cluster: of three, one may fail.

    ``election`` is after how many whole milliseconds without its leader a member stands for election.
    """

    election: int = 1000

    name: ClassVar[str] = "etcd"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("registry, leader election, locks", "服務註冊、選主、鎖")
    breaks: ClassVar[Text] = Text("its leader: the others elect; two of three: no write is taken",
                                  "領導者：其他成員重新選舉；三個壞兩個：不再接受寫入")
    licence: ClassVar[str] = "Apache-2.0"
    clustered: ClassVar[bool] = True

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("etcd", "gcr.io/etcd-development/etcd:v3.6.12", "etcd", 2379,
                       version=("--version",), oldest=(3, 4), debian="etcd-server", brew="etcd", fedora="etcd",
                       command=self._command, ports={"peer": 2380}, keeps=True)

    def _command(self, place: Place) -> Sequence[str]:
        me, peer = place.me, place.me.ports["peer"]
        return ["etcd", f"--name={me.name}", f"--data-dir={place.folder}/etcd", "--log-level=warn",
                f"--listen-client-urls=http://{place.host}:{me.port}", f"--advertise-client-urls=http://{me.address}",
                f"--listen-peer-urls=http://{place.host}:{peer}", f"--initial-advertise-peer-urls=http://{me.at('peer')}",
                "--initial-cluster=" + ",".join(f"{one.name}=http://{one.at('peer')}" for one in place.members),
                f"--heartbeat-interval={max(1, self.election // 10)}", f"--election-timeout={self.election}"]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it knows a leader."""
        return '"health":"true"' in page(host, port, "/health", seconds)

    def version(self, host: str, port: int) -> str:
        return on_page(host, port, "/version", r'"etcdserver":"([\d.]+)')

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> httpx.Client:
        """httpx on its JSON gateway: ``client.post("/kv/range", json={"key": ...})``, keys and values in base64."""
        import httpx

        return httpx.Client(base_url=f"http://{host}:{port}/v3", timeout=5.0)
