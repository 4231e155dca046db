"""ZooKeeper: a small tree of data that a majority agrees on, with sessions. The book's registry, lock and leader election."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, said

if TYPE_CHECKING:
    from kazoo.client import KazooClient

__all__ = ["Zookeeper"]

_CONFIGURATION = """\
dataDir={folder}
clientPort={port}
clientPortAddress={host}
tickTime={tick}
initLimit=40
syncLimit=10
4lw.commands.whitelist=*
admin.enableServer=false
{servers}
"""
_LOGGING = """\
<configuration>
  <appender name="out" class="ch.qos.logback.core.ConsoleAppender">
    <encoder><pattern>%d{ISO8601} %-5p %c{1} %m%n</pattern></encoder>
  </appender>
  <root level="WARN"><appender-ref ref="out"/></root>
</configuration>
"""
_JAVA = ("java", "-Xmx128m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1")


@dataclass(frozen=True)
class Zookeeper(System):
    """``instances`` of it are one ensemble: of three, one may fail.

    ``session`` is after how many seconds without a word from its client a session ends, and what is ephemeral with it.
    """

    session: float = 4.0

    name: ClassVar[str] = "zookeeper"
    scheme: ClassVar[str] = "zookeeper"
    purpose: ClassVar[Text] = Text("registry, leader election, locks", "服務註冊、選主、鎖")
    breaks: ClassVar[Text] = Text("its leader: the others elect; two of three: nothing is answered; a client: its session ends",
                                  "領導者：其他成員重新選舉；三個壞兩個：不再回應；客戶端：會話結束")
    licence: ClassVar[str] = "Apache-2.0"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 60.0  # three Javas on a busy machine

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("ZooKeeper", "zookeeper:3.9.5", "java", 2181,
                       version=("-version",), oldest=(3, 5),
                       command=_command, files=self._files, ports={"quorum": 2888, "election": 3888}, first=_first, keeps=True,
                       home="/apache-zookeeper-3.9.5-bin/lib")

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it serves: alone, or as one of a majority."""
        return bool(_serving(host, port, rb"Mode: (\w+)", seconds))

    def version(self, host: str, port: int) -> str:
        return _serving(host, port, rb"Zookeeper version: ([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> KazooClient:
        """kazoo's, with a session that has begun; ``client.stop()`` ends it."""
        from kazoo.client import KazooClient

        client = KazooClient(f"{host}:{port}", timeout=self.session)
        client.start(timeout=10)
        return client

    def _files(self, place: Place) -> Mapping[str, str]:
        servers = [f"server.{number}={one.host}:{one.ports['quorum']}:{one.ports['election']}"
                   for number, one in enumerate(place.members, 1)]
        settings = _CONFIGURATION.format(folder=place.folder, port=place.port, host=place.host,
                                         tick=max(1, round(self.session * 1000 / 4)),  # a session is 2 to 20 of them
                                         servers="\n".join(servers if len(servers) > 1 else []))
        return {"zoo.cfg": settings, "logback.xml": _LOGGING}


def _command(place: Place) -> Sequence[str]:
    return [*_JAVA, "-cp", f"{place.config}:{place.home}/*", "org.apache.zookeeper.server.quorum.QuorumPeerMain",
            f"{place.config}/zoo.cfg"]


def _first(place: Place) -> Sequence[Sequence[str]]:
    """Say which of the servers it is."""
    return [["sh", "-c", 'echo "$1" > "$2"', "sh", str(place.number), f"{place.folder}/myid"]]


def _serving(host: str, port: int, pattern: bytes, seconds: float = 2.0) -> str:
    """The group of ``pattern`` in its answer to the four letters ``srvr``; "" while it does not serve."""
    return said(host, port, b"srvr", pattern, seconds)
