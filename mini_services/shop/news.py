"""News of changes: whoever changes an item says so in a channel of Redis, and every instance forgets its copy.

    catalogue-1   POST /items/7/price ──► database, then PUBLISH changes 7
    catalogue-2                           hears 7, drops its copy of 7
    catalogue-3                           hears 7, drops its copy of 7

Publish and subscribe delivers to who listens now and to nobody later. An instance that was not connected for a while
has missed it cannot know what; so it forgets everything when it hears again, and keeps nothing as long as it is deaf.

From Redis, "Client-side caching", whose advice for a lost connection is the same.
"""

from __future__ import annotations

import threading
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Protocol

from mini_services.shop.redis_store import connect
from mini_services.shop.service import Service

if TYPE_CHECKING:
    import redis

__all__ = ["News"]

_CHANNEL = "changes"
_PAUSE = 0.2  # seconds before the next attempt to listen
_TICK, _TICKS = 0.25, 4  # seconds of silence before Redis is asked whether it is there, and how often it may not answer


class _Listener(Protocol):
    def changed(self, key: int) -> None: ...

    def changed_all(self) -> None: ...


class News:
    """Tells the Redis at `url` what changes here, and `listener` what changed anywhere; `heard` says whether it listens."""

    def __init__(self, url: str, listener: _Listener, service: Service) -> None:
        self._redis: redis.Redis = connect(url)
        self._listener, self._log = listener, service.log
        self._ended, self._hears = threading.Event(), threading.Event()
        service.at_end.append(self._end)
        threading.Thread(target=self._listen, name="news", daemon=True).start()
        self._hears.wait(1.0)

    @property
    def heard(self) -> bool:
        """Whether a change elsewhere would be heard here now; if not, keep no copy."""
        return self._hears.is_set()

    def tell(self, key: int) -> None:
        """Something has changed. Who is not reached will notice by itself that it is deaf."""
        import redis

        try:
            self._redis.publish(_CHANNEL, key)
        except redis.RedisError as error:
            self._log.warning("change not told", key=key, error=type(error).__name__)

    def _listen(self) -> None:
        import redis

        while not self._ended.is_set():
            try:
                self._hear_until_deaf()
            except (redis.RedisError, OSError, ValueError) as error:  # ValueError: the connection was closed meanwhile
                self._hears.clear()
                self._log.warning("deaf", error=type(error).__name__)
            self._ended.wait(_PAUSE)

    def _hear_until_deaf(self) -> None:
        import redis

        with self._redis.pubsub() as channel:  # type: ignore[no-untyped-call]  # redis-py's
            channel.subscribe(_CHANNEL)
            silent = 0
            while not self._ended.is_set():
                message = channel.get_message(timeout=_TICK)
                silent = 0 if message else silent + 1
                if silent > _TICKS:
                    raise redis.TimeoutError
                if message:
                    self._take(message)
                else:
                    channel.ping()

    def _take(self, message: Mapping[str, Any]) -> None:
        if message["type"] == "subscribe":
            self._listener.changed_all()
            self._hears.set()
        elif message["type"] == "message":
            self._listener.changed(int(message["data"]))

    def _end(self) -> None:
        self._ended.set()
        self._redis.close()
