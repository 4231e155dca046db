"""Hazelcast: maps shared by the members of a cluster, each with a backup. The book's data grid."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.jvm import java
from labkit.systems.system import System, page, until

if TYPE_CHECKING:
    from hazelcast.client import HazelcastClient

__all__ = ["Hazelcast"]

_VERSION = "5.7.0"


@dataclass(frozen=True)
class Hazelcast(System):
    """``instances`` of it are one cluster, in memory alone. Of each entry ``backups`` members have a copy.

    Its clients talk to one member, whichever the link leads to: were they to find the others by themselves
    (``smart_routing``), they would go past every link.
    """

    backups: int = 1

    name: ClassVar[str] = "hazelcast"
    scheme: ClassVar[str] = "hazelcast"
    purpose: ClassVar[Text] = Text("data grid: distributed maps, near cache, locks", "數據網格：分佈式映射、近端緩存、鎖")
    breaks: ClassVar[Text] = Text("a member: its backups stand in; two at once: what both had is gone",
                                  "一個成員：由備份接替；同時兩個：兩者共有的數據就遺失")
    licence: ClassVar[str] = "Apache-2.0 (Community Edition)"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 90.0

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Hazelcast", f"hazelcast/hazelcast:{_VERSION}", "java", 5701,
                       version=("-version",), oldest=(17,), brew="hazelcast",
                       command=_command,
                       files=lambda place: {"hazelcast.yaml": json.dumps(self._configuration(place), indent=1)},
                       home="/opt/hazelcast/lib")

    def _configuration(self, place: Place) -> dict[str, Any]:
        """JSON is YAML too."""
        network = {"port": {"port": place.port, "auto-increment": False}, "public-address": place.me.address,
                   "interfaces": {"enabled": place.host == "127.0.0.1", "interfaces": ["127.0.0.1"]},
                   "join": {"auto-detection": {"enabled": False}, "multicast": {"enabled": False},
                            "tcp-ip": {"enabled": True, "member-list": [one.address for one in place.members]}},
                   "rest-api": {"enabled": True, "endpoint-groups": {"HEALTH_CHECK": {"enabled": True}}}}
        return {"hazelcast": {"network": network, "map": {"default": {"backup-count": self.backups}}}}

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return _health(host, port, seconds).get("nodeState") == "ACTIVE"

    def version(self, host: str, port: int) -> str:
        """The one that is pinned: a member tells it to members alone, and of the jars there is no other."""
        return _VERSION if self.ready(host, port, 2.0) else ""

    def form(self, members: Sequence[Endpoint]) -> None:
        """Wait until each knows all others."""
        for member in members:
            until(self.name, partial(_knows, member, len(members)))

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> HazelcastClient:
        """hazelcast-python-client's, at one member; when that is gone it looks for another for ten seconds."""
        from hazelcast.client import HazelcastClient

        return HazelcastClient(cluster_members=[f"{host}:{port}"], smart_routing=False, cluster_connect_timeout=10.0,
                               invocation_timeout=10.0, heartbeat_interval=1.0, heartbeat_timeout=5.0)


def _command(place: Place) -> Sequence[str]:
    alone = "true" if place.host != "127.0.0.1" else "false"
    properties = {"config": f"{place.config}/hazelcast.yaml", "phone.home.enabled": "false", "socket.bind.any": alone,
                  "wait.seconds.before.join": "0", "max.no.heartbeat.seconds": "5", "heartbeat.interval.seconds": "1",
                  "logging.type": "jdk"}
    return java(place, "com.hazelcast.core.server.HazelcastMemberStarter", heap=96,
                options=[f"-Dhazelcast.{name}={value}" for name, value in properties.items()])


def _health(host: str, port: int, seconds: float) -> dict[str, Any]:
    told = page(host, port, "/hazelcast/health", seconds)
    return dict(json.loads(told)) if told.startswith("{") else {}


def _knows(member: Endpoint, members: int) -> bool:
    """Whether it sees so many, and each entry has its backups."""
    health = _health(*member.here, 2.0)
    return health.get("clusterSize") == members and bool(health.get("clusterSafe"))
