"""The catalogue's copies of pages: none, its own, Redis's, or its own before Redis's.

    get ──► own memory ──► Redis ──► database       each layer that is there is asked when the one before it has nothing

A layer counts its hits and times them: `embedded_hit_seconds` and `shared_hit_seconds` at /metrics.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Generic, Literal, TypeVar

from prometheus_client import Summary
from pydantic import NonNegativeFloat, PositiveInt

from mini_services.patterns.cache import Cache, CacheAside
from mini_services.patterns.lfu import LFU
from mini_services.patterns.lru import LRU
from mini_services.patterns.ttl import TTL
from mini_services.shop.news import News
from mini_services.shop.page import Page
from mini_services.shop.redis_store import RedisAddress
from mini_services.shop.service import Service
from mini_services.shop.settings import CallSettings
from mini_services.shop.shared_cache import SharedCache

__all__ = ["Copies", "CopySettings"]

V = TypeVar("V")
_HOUR = 3600.0


class CopySettings(CallSettings):
    """Where a service keeps copies, and which."""

    redis_url: RedisAddress = ""
    cache: Literal["none", "embedded", "shared", "both"] = "none"
    size: PositiveInt = 100
    policy: Literal["lru", "lfu"] = "lru"
    ttl: NonNegativeFloat = 0.0
    together: bool = False  # threads that miss the same page load it once
    invalidate: bool = False  # tell the other instances what has changed


class Copies:
    """Pages behind the layers that `settings` ask for; `fetch` asks the database."""

    def __init__(self, fetch: Callable[[int], Page], settings: CopySettings, service: Service) -> None:
        hits = {layer: service.metrics.summary(f"{layer}_hit_seconds", "a page found there") for layer in ("embedded", "shared")}
        self._get, self._shared, self._own, self._news = fetch, None, None, None
        if settings.cache in ("shared", "both"):
            self._shared = SharedCache(settings.redis_url, settings.ttl or _HOUR, service)
            self._get = CacheAside(_Timed(self._shared, hits["shared"]), self._get, together=settings.together).get
        if settings.cache in ("embedded", "both"):
            self._behind = self._get
            self._own = CacheAside(_Timed(_embedded(settings), hits["embedded"]), self._get, together=settings.together)
            self._get = self._own.get
            self._news = News(settings.redis_url, self._own, service) if settings.invalidate else None

    def get(self, item: int) -> Page:
        """The page, from the first layer that has it."""
        if self._news and not self._news.heard:
            return self._behind(item)
        return self._get(item)

    def changed(self, item: int, revision: int) -> None:
        """The item has a new revision: from the last layer to the first, or one would be filled from an old one behind it."""
        if self._shared:
            self._shared.outdate(item, revision)
        if self._own:
            self._own.changed(item)
        if self._news:
            self._news.tell(item)


def _embedded(settings: CopySettings) -> Cache[int, Page]:
    if not settings.ttl:
        return _room(settings)
    room: Cache[int, tuple[Page, float]] = _room(settings)
    return TTL(room, settings.ttl)


def _room(settings: CopySettings) -> Cache[int, V]:
    return LFU(settings.size) if settings.policy == "lfu" else LRU(settings.size)


class _Timed(Generic[V]):
    """A cache whose hits are counted and timed."""

    def __init__(self, cache: Cache[int, V], hits: Summary) -> None:
        self._cache, self._hits = cache, hits
        self.put, self.drop, self.clear = cache.put, cache.drop, cache.clear

    def get(self, key: int) -> V | None:
        began = time.perf_counter()
        value = self._cache.get(key)
        if value is not None:
            self._hits.observe(time.perf_counter() - began)
        return value
