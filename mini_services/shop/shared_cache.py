"""A cache in Redis, which all instances share: what one has changed, the others see.

A page is a hash of two fields, its revision and its content. One race is as old as caches: a reader loads the old page,
a writer changes it and drops the copy, and then the reader keeps the old one. Here a change leaves the new revision in
place of the content, and a page is kept only when nothing newer is known. Redis runs a script as one step, so no other
client can come in between its lines.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any, TypeVar

from mini_services.shop.page import Page
from mini_services.shop.redis_store import connect
from mini_services.shop.service import Service

if TYPE_CHECKING:
    import redis

__all__ = ["SharedCache"]

T = TypeVar("T")

_NEWER = """
local known = redis.call('HGET', KEYS[1], 'revision')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'revision', ARGV[1], 'content', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
"""


class SharedCache:
    """Pages in the Redis at `url`, each for `seconds`. Without Redis every get is a miss, and the log says so."""

    def __init__(self, url: str, seconds: float, service: Service) -> None:
        self._redis: redis.Redis = connect(url)
        self._keep = self._redis.register_script(_NEWER)
        self._milliseconds = max(1, round(seconds * 1000))
        self._log, self._errors = service.log, service.metrics.count("shared_errors", "commands that Redis did not answer")
        service.at_end.append(self._redis.close)

    def get(self, key: int) -> Page | None:
        """The page, if Redis has its content."""
        revision, content = self._asked(lambda: self._fields(key), (b"", b""))
        return Page(int(revision), content) if content else None

    def put(self, key: int, value: Page) -> None:
        """Keep the page, unless a newer revision is known."""
        self._asked(lambda: self._keep([_name(key)], [value.revision, value.content, self._milliseconds]), None)

    def outdate(self, key: int, revision: int) -> None:
        """The page now has this revision: what is older is neither given nor kept from now on."""
        self._asked(lambda: self._keep([_name(key)], [revision, b"", self._milliseconds]), None)

    def drop(self, key: int) -> None:
        """Forget the page."""
        self._asked(lambda: self._redis.delete(_name(key)), None)

    def clear(self) -> None:
        """Forget everything: this database of Redis is the cache's own."""
        self._asked(self._redis.flushdb, None)

    def _fields(self, key: int) -> tuple[bytes, bytes]:
        kept: Any = self._redis.hmget(_name(key), "revision", "content")
        return kept[0], kept[1]

    def _asked(self, command: Callable[[], T], instead: T) -> T:
        import redis

        try:
            return command()
        except redis.RedisError as error:
            self._errors.inc()
            self._log.warning("redis failed", error=type(error).__name__)
            return instead


def _name(key: int) -> str:
    return f"item:{key}"
