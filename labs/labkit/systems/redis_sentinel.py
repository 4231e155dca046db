"""Redis Sentinel: watches a primary and its replicas, and has a replica take over when most Sentinels find the primary gone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.redis_server import from_here, manners, redis_server
from labkit.systems.system import Callee, System, asked, said, until

if TYPE_CHECKING:
    from redis.sentinel import Sentinel

__all__ = ["RedisSentinel"]

_CONFIGURATION = """\
bind {place.host}
port {place.port}
dir {place.folder}
protected-mode no
sentinel resolve-hostnames yes
sentinel announce-hostnames yes
sentinel announce-ip {place.me.host}
sentinel announce-port {place.port}
sentinel monitor {name} {primary.host} {primary.port} {quorum}
sentinel down-after-milliseconds {name} {down_after}
sentinel failover-timeout {name} {failover_timeout}
"""


@dataclass(frozen=True)
class RedisSentinel(System):
    """``instances`` Sentinels, of which most must agree, that watch the Redis that they call: its name is what clients ask for.

    Clients ask a Sentinel for the primary's address: a service in the lab's network is told a name there, and ``client()``
    makes it an address of this machine. What Sentinels say to each other and to Redis passes no link of the lab.
    ``down_after`` is after how many whole milliseconds of silence one finds the primary gone.
    """

    down_after: int = 1000

    name: ClassVar[str] = "redis-sentinel"
    scheme: ClassVar[str] = "redis"
    purpose: ClassVar[Text] = Text("failover of Redis", "Redis 的故障轉移")
    breaks: ClassVar[Text] = Text("the primary that it watches: a replica takes over; most Sentinels: nobody does",
                                  "它監看的主節點：由副本接替；多數 Sentinel：無人接替")
    licence: ClassVar[str] = "BSD-3-Clause up to 7.2"
    clustered: ClassVar[bool] = True

    def program(self, callees: Mapping[str, str]) -> Program:
        if not callees:
            raise ValueError(str(_NOBODY))
        name, watched = next(iter(callees.items()))
        return redis_server("Redis Sentinel", (6, 2), _command, keeps=True, first=_first,
                            files=lambda place: {"sentinel.conf": self._configuration(place, name, watched)})

    def _configuration(self, place: Place, name: str, watched: str) -> str:
        if not isinstance(watched, Callee) or not watched.members or not watched.startswith("redis:"):
            raise ValueError(str(_NOBODY))
        return _CONFIGURATION.format(place=place, name=name, primary=watched.members[0], quorum=len(place.members) // 2 + 1,
                                     down_after=self.down_after, failover_timeout=5 * self.down_after)

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"PING\r\n", b"+PONG", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"INFO server\r\n", rb"redis_version:([\d.]+)")

    def form(self, members: Sequence[Endpoint]) -> None:
        """Wait until each sees the primary and all others, so that most can agree."""
        for member in members:
            until(self.name, partial(_knows, member, len(members)))

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> Sentinel:
        """redis-py's: ``client.master_for("redis")`` finds the primary anew for each connection, ``slave_for`` a replica."""
        import redis.sentinel

        class FromHere(redis.sentinel.Sentinel):
            def discover_master(self, service_name: str) -> Any:
                return from_here(super().discover_master(service_name))  # type: ignore[no-untyped-call]  # redis-py's

            def discover_slaves(self, service_name: str) -> Any:
                replicas = super().discover_slaves(service_name)  # type: ignore[no-untyped-call]  # redis-py's
                return [from_here(replica) for replica in replicas]

        here = [member.here for member in members if member.outside]
        return FromHere(here, sentinel_kwargs=dict(manners()), **manners())  # type: ignore[no-untyped-call]  # redis-py's


_NOBODY = Text("Sentinel watches nobody: say which Redis, lab.system(\"redis-sentinel\", calls=redis, instances=3).",
               "Sentinel 沒有監看對象：請說明是哪個 Redis，lab.system(\"redis-sentinel\", calls=redis, instances=3)。")


def _first(place: Place) -> Sequence[Sequence[str]]:
    """A Sentinel writes what it learns into its configuration, so that is a copy of its own."""
    return [["cp", f"{place.config}/sentinel.conf", f"{place.folder}/sentinel.conf"]]


def _command(place: Place) -> Sequence[str]:
    return ["redis-server", f"{place.folder}/sentinel.conf", "--sentinel"]


def _knows(member: Endpoint, sentinels: int) -> bool:
    """Whether this Sentinel sees the primary, and as many Sentinels, itself among them."""
    primary = said(*member.here, b"INFO sentinel\r\n", rb"master0:(\S+)")
    return "status=ok" in primary and f"sentinels={sentinels}" in primary
