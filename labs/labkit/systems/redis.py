"""Redis: a store of data structures in memory. The book's shared cache, rate limiter, lock and small event bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.redis_server import arguments, manners, redis_server
from labkit.systems.system import System, asked, said, until

if TYPE_CHECKING:
    import redis

__all__ = ["Redis"]


@dataclass(frozen=True)
class Redis(System):
    """One Redis in memory alone: nothing is saved, so that its end loses everything, as a cache may.

    Of several ``instances`` the first is the primary, to which its address leads, and the others are replicas of it:
    ``redis[1].client()`` is one's client. Which of them is the primary changes when a "redis-sentinel" watches them.
    ``memory`` is the most it keeps (as Redis writes it, "64mb"; "0": no limit), ``policy`` what it evicts then.
    """

    memory: str = "0"
    policy: str = "noeviction"

    name: ClassVar[str] = "redis"
    scheme: ClassVar[str] = "redis"
    purpose: ClassVar[Text] = Text("cache, rate limit, lock, streams; with replicas", "緩存、限流、鎖、串流；可有副本")
    breaks: ClassVar[Text] = Text("its link, a pause, a kill: it comes back empty, a replica with what its primary has",
                                  "連線、暫停、終止：回來時是空的，副本則會有主節點的內容")
    licence: ClassVar[str] = "BSD-3-Clause up to 7.2"
    clustered: ClassVar[bool] = True

    def program(self, callees: Mapping[str, str]) -> Program:
        return redis_server("Redis", (6, 0), self._command)

    def _command(self, place: Place) -> Sequence[str]:
        primary, me = place.members[0], place.me
        follows = ["--replicaof", primary.host, str(primary.port)] if me is not primary else []
        known = ["--replica-announce-ip", me.host, "--replica-announce-port", str(me.port)]
        return [*arguments(place), "--save", "", "--appendonly", "no", "--maxmemory", self.memory,
                "--maxmemory-policy", self.policy, "--repl-diskless-sync-delay", "0", *known, *follows]

    def entries(self, members: Sequence[Endpoint]) -> Sequence[Endpoint]:
        """The first: a replica takes no writes."""
        return members[:1]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"PING\r\n", b"+PONG", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"INFO server\r\n", rb"redis_version:([\d.]+)")

    def form(self, members: Sequence[Endpoint]) -> None:
        """Wait until each replica has all that its primary has."""
        for member in members[1:]:
            until(self.name, partial(said, *member.here, b"INFO replication\r\n", rb"(master_link_status:up)"))

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> redis.Redis:
        """redis-py's, with text instead of bytes; it waits two seconds at most, and its ten retries are off: labs count calls."""
        import redis

        return redis.Redis(host, port, **manners())
