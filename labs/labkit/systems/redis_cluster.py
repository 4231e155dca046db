"""Redis Cluster: keys spread over the members by 16384 slots. The book's example of sharding."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.redis_server import arguments, from_here, manners, redis_server
from labkit.systems.system import System, asked, said, until

if TYPE_CHECKING:
    import redis

__all__ = ["RedisCluster"]

_SLOTS = 16384
_FORGOTTEN_SECONDS = 1.0  # Redis waits so long for an answer to a meeting, or longer by its timeout


@dataclass(frozen=True)
class RedisCluster(System):
    """``instances`` of it share the slots evenly, without replicas; each writes what it takes to a file, so that a kill loses none.

    A client asks any member who has which slots: a service in the lab's network is told names there, and ``client()`` makes
    them addresses of this machine. So its calls go past every link. ``full_coverage``, Redis's own default: while a slot is
    nobody's, no member answers. ``timeout`` is after how many whole milliseconds of silence a member counts as gone.
    """

    full_coverage: bool = True
    timeout: int = 1000

    name: ClassVar[str] = "redis-cluster"
    scheme: ClassVar[str] = "redis"
    purpose: ClassVar[Text] = Text("sharding: keys spread over members", "分片：鍵分散到各成員")
    breaks: ClassVar[Text] = Text("a member: its keys are gone until it is back, or all are",
                                  "一個成員：它的鍵或全部的鍵暫時無法使用，直到它回來")
    licence: ClassVar[str] = "BSD-3-Clause up to 7.2"
    clustered: ClassVar[bool] = True

    def program(self, callees: Mapping[str, str]) -> Program:
        return redis_server("Redis Cluster", (7, 0), self._command, ports={"bus": 16379}, keeps=True)

    def _command(self, place: Place) -> Sequence[str]:
        full = "yes" if self.full_coverage else "no"
        return [*arguments(place), "--save", "", "--appendonly", "yes", "--cluster-enabled", "yes",
                "--cluster-port", str(place.me.ports["bus"]), "--cluster-announce-hostname", place.me.host,
                "--cluster-preferred-endpoint-type", "hostname", "--cluster-node-timeout", str(self.timeout),
                "--cluster-require-full-coverage", full]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"PING\r\n", b"+PONG", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"INFO server\r\n", rb"redis_version:([\d.]+)")

    def form(self, members: Sequence[Endpoint]) -> None:
        """Give each its share of the slots, have all meet each other, and wait until all know that no slot is left.

        Members that were restarted have kept their slots, and may have changed their addresses. Whoever does not answer a
        meeting within ``timeout`` is forgotten, so that they are told to meet until they have met.
        """
        forgotten = 0.0

        def formed() -> bool:
            nonlocal forgotten
            if time.monotonic() > forgotten:
                _introduce(members)
                forgotten = time.monotonic() + max(self.timeout / 1000, _FORGOTTEN_SECONDS) + 1
            return all(_is_whole(member, len(members)) for member in members)

        until(self.name, formed)

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> redis.RedisCluster:
        """redis-py's: it asks the member that has the key's slot, and tells its failure after one try."""
        from redis.cluster import ClusterNode, RedisCluster

        nodes = [ClusterNode(*member.here) for member in members if member.outside]  # type: ignore[no-untyped-call]  # redis-py's
        return RedisCluster(startup_nodes=nodes, address_remap=from_here, require_full_coverage=False, **manners())


def _share(number: int, members: int) -> int:
    """Where the slots of the nth of so many members begin."""
    return number * _SLOTS // members


def _introduce(members: Sequence[Endpoint]) -> None:
    """Tell each which slots it has, and to meet all others: it may have lost the address of any of them."""
    for number, member in enumerate(members):
        _tell(member, f"CLUSTER ADDSLOTSRANGE {_share(number, len(members))} {_share(number + 1, len(members)) - 1}")
    for met in members:
        address, _, port = met.inside.rpartition(":")
        bus = said(*met.here, b"CONFIG GET cluster-port\r\n", rb"(\d+)\r\n$")
        for member in members:
            if member is not met:
                _tell(member, f"CLUSTER MEET {address} {port} {bus}")


def _tell(member: Endpoint, command: str) -> None:
    """What is so already, it refuses to do again."""
    said(*member.here, f"{command}\r\n".encode(), b"(OK)")


def _is_whole(member: Endpoint, members: int) -> bool:
    """Whether this member knows so many members and where they are, and who has each slot.

    Members that were started again with each other's addresses forget them, and then lead a client to port 0.
    """
    told = said(*member.here, b"CLUSTER INFO\r\n", rb"(?s)(cluster_state.*)")
    known = said(*member.here, b"CLUSTER NODES\r\n", rb"(?s)(.*)")
    return ({"cluster_state:ok", f"cluster_slots_assigned:{_SLOTS}", f"cluster_known_nodes:{members}"} <= set(told.split())
            and "noaddr" not in known)
