"""What a service's caches did during a run: how often they hit, and how long each way to an answer took."""

from __future__ import annotations

from typing import TYPE_CHECKING

from labkit.language import Text
from labkit.measure.quantity import Quantity

if TYPE_CHECKING:
    from labkit.measure.view import View

__all__ = ["CACHE_METRICS", "CacheUse"]

_WAYS = ("lookup", "embedded_hit", "shared_hit", "database", "query")
CACHE_METRICS = tuple(f"{way}_seconds_{what}" for way in _WAYS for what in ("count", "sum"))


class CacheUse:
    """The caches of ``service`` in ``view``, all instances together. Times are means, in seconds, as the service saw them.

    NaN where nothing was looked up, found, or asked for.
    """

    def __init__(self, view: View, service: str) -> None:
        self._view, self._service = view, service

    @property
    def lookups(self) -> Quantity:
        """How often a page was looked up."""
        return self._count("lookup")

    @property
    def queries(self) -> Quantity:
        """How often the database was asked."""
        return self._count("database")

    @property
    def hit_ratio(self) -> Quantity:
        """The share of the look-ups for which a copy was found, 0 to 1."""
        return self._share(self._count("embedded_hit") + self._count("shared_hit"), Text("hit ratio", "命中率"))

    @property
    def embedded_ratio(self) -> Quantity:
        """The share of the look-ups that the instance's own memory answered, 0 to 1."""
        return self._share(self._count("embedded_hit"), Text("hit ratio of its own memory", "自己記憶體的命中率"))

    @property
    def shared_ratio(self) -> Quantity:
        """The share of what reached the shared cache that it answered, 0 to 1."""
        reached = self.lookups - self._count("embedded_hit")
        return _named(self._count("shared_hit") / reached, Text("hit ratio of the shared cache", "共用緩存的命中率"), "share")

    @property
    def reach(self) -> Quantity:
        """The share of all that users sent for which the database was asked, 0 to 1: what no layer before it answered."""
        return _named(self.queries / self._view.sent, Text("reaches the database", "到達數據庫"), "share")

    @property
    def time(self) -> Quantity:
        """Of a look-up, whatever came of it."""
        return self._mean("lookup", Text("mean time of a look-up", "一次查詢的平均時間"))

    @property
    def embedded_time(self) -> Quantity:
        """Of a hit in the instance's own memory."""
        return self._mean("embedded_hit", Text("mean time of a hit in its own memory", "自己記憶體命中的平均時間"))

    @property
    def shared_time(self) -> Quantity:
        """Of a hit in the shared cache, with the way there and back."""
        return self._mean("shared_hit", Text("mean time of a hit in the shared cache", "共用緩存命中的平均時間"))

    @property
    def database_time(self) -> Quantity:
        """Of a call of the database, with the way there and back and the wait for its connection."""
        return self._mean("database", Text("mean time of a call of the database", "調用一次數據庫的平均時間"))

    @property
    def query_time(self) -> Quantity:
        """Of a query alone, where the service is a database."""
        return self._mean("query", Text("mean time of a query", "一次查詢語句的平均時間"))

    def _count(self, way: str) -> Quantity:
        return self._view.rise(self._service, f"{way}_seconds_count")

    def _mean(self, way: str, label: Text) -> Quantity:
        return _named(self._view.rise(self._service, f"{way}_seconds_sum") / self._count(way), label, "s")

    def _share(self, part: Quantity, label: Text) -> Quantity:
        return _named(part / self.lookups, label, "share")


def _named(figure: Quantity, label: Text, unit: str) -> Quantity:
    """The figure under its own name and in its own unit; a ratio of counts has none by itself."""
    return Quantity(lambda: float(figure.again()), label, unit, figure.sources)
