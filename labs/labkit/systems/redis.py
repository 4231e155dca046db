"""Redis: a store of data structures in memory. The book's shared cache, rate limiter, lock and small event bus."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, asked, said

if TYPE_CHECKING:
    import redis

__all__ = ["Redis"]


@dataclass(frozen=True)
class Redis(System):
    """One Redis, in memory alone: nothing is saved, so that its end loses everything, as a cache may.

    ``memory`` is the most it keeps (as Redis writes it, "64mb"; "0": no limit), ``policy`` what it evicts then.
    """

    memory: str = "0"
    policy: str = "noeviction"

    name: ClassVar[str] = "redis"
    scheme: ClassVar[str] = "redis"
    purpose: ClassVar[Text] = Text("cache, rate limit, lock, streams", "緩存、限流、鎖、串流")
    breaks: ClassVar[Text] = Text("its link, a pause, a kill: it comes back empty", "連線、暫停、終止：回來時是空的")
    licence: ClassVar[str] = "BSD-3-Clause up to 7.2"

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Redis", "redis:7.2.16-bookworm", "redis-server", 6379, ("--version",), (6, 0), "redis-server", "redis",
                       self._command)

    def _command(self, place: Place) -> Sequence[str]:
        protected = "yes" if place.host == "127.0.0.1" else "no"  # on its lab's own network, others may connect
        return ["redis-server", "--bind", place.host, "--port", str(place.port), "--dir", place.folder, "--save", "",
                "--appendonly", "no", "--protected-mode", protected, "--maxmemory", self.memory, "--maxmemory-policy", self.policy]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"PING\r\n", b"+PONG", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"INFO server\r\n", rb"redis_version:([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> redis.Redis:
        """redis-py's, with text instead of bytes; it waits two seconds at most, and its ten retries are off: labs count calls."""
        import redis
        from redis.backoff import NoBackoff
        from redis.retry import Retry

        return redis.Redis(host, port, decode_responses=True, socket_timeout=2.0, socket_connect_timeout=2.0,
                           retry=Retry(NoBackoff(), 0))
