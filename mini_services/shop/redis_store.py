"""Redis as this shop uses it: connected when it is first needed, and never waited for longer than a moment.

A cache or a rate limit must not become what the service fails by. So there is a short time-out, no retry, and each use
says what happens without Redis. From the AWS Builders' Library, "Caching challenges and strategies".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import StringConstraints

if TYPE_CHECKING:
    import redis

__all__ = ["RedisAddress", "connect"]

RedisAddress = Annotated[str, StringConstraints(pattern=r"^(redis://[^/\s]+)?/?$")]  # "redis://127.0.0.1:6379", or none
_PATIENCE = 0.25  # seconds


def connect(url: str) -> redis.Redis:
    """A client shared by threads; redis-py is imported here, for the services that never use it start without it."""
    import redis
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    client: redis.Redis = redis.Redis.from_url(
        url, socket_timeout=_PATIENCE, socket_connect_timeout=_PATIENCE, retry=Retry(NoBackoff(), 0))
    return client
