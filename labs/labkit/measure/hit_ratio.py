"""How often a cache hits, when each request asks for one of so many items by Zipf's law, independently of those before.

Sources: Che, Tung and Wang, "Hierarchical Web caching systems: modeling, design and experimental results" (2002), whose
approximation it is; Fricker, Robert and Roberts, "A versatile and accurate approximation for LRU cache performance" (2012),
who say why it is so good; Breslau and others, "Web caching and Zipf-like distributions" (1999).
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from labkit.language import Text
from labkit.measure.arguments import not_negative, probability, whole
from labkit.measure.formula import formula
from labkit.measure.quantity import Quantity

__all__ = ["lfu_hit_ratio", "lru_hit_ratio", "mean_time", "ttl_hit_ratio"]

_HALVINGS = 200  # of an interval: more than a float has digits


@formula
def lru_hit_ratio(items: int, size: int, exponent: float = 1.0) -> Quantity:
    """The hit ratio of an LRU cache of ``size`` entries, filled, by Che's approximation.

    An entry goes when ``size`` others have been asked for since its last use. Che: as if that always took the same number
    of requests T, the one for which ``size`` entries are expected to be asked for: Σ 1 - exp(-p T) = size. Then an item
    with share p of the requests is found with probability 1 - exp(-p T).
    """
    shares = _zipf(items, exponent)
    whole(0, size=size)
    time = _characteristic_time(shares, size)
    return _ratio(sum(share * -math.expm1(-share * time) for share in shares), Text("hit ratio, Che", "命中率（Che）"))


@formula
def lfu_hit_ratio(items: int, size: int, exponent: float = 1.0) -> Quantity:
    """The hit ratio of a cache that holds the ``size`` most popular items: the most that any can reach; LFU comes near."""
    shares = _zipf(items, exponent)
    whole(0, size=size)
    return _ratio(sum(shares[:size]), Text("hit ratio of the most popular", "只放最熱門項目的命中率"))


@formula
def ttl_hit_ratio(items: int, rate: float, seconds: float, exponent: float = 1.0) -> Quantity:
    """The hit ratio of a cache without a limit of size whose entries live for ``seconds`` from when they were kept.

    Each item comes at ``rate`` × p = λ a second, by chance (Poisson). One miss is followed by λ × seconds hits on average:
    λ T / (1 + λ T) of an item's requests (Jung, Berger and Balakrishnan, "Modeling TTL-based Internet caches", 2003).
    """
    not_negative(rate=rate, seconds=seconds)
    expected = [(share, rate * share * seconds) for share in _zipf(items, exponent)]
    return _ratio(sum(share * hits / (1 + hits) for share, hits in expected), Text("hit ratio, TTL", "命中率（TTL）"))


@formula
def mean_time(hit_ratio: float, hit: float, miss: float) -> Quantity:
    """Mean seconds of a look-up: h × hit + (1 - h) × miss."""
    probability(hit_ratio=hit_ratio)
    not_negative(hit=hit, miss=miss)
    return Quantity(float(hit_ratio) * float(hit) + (1 - float(hit_ratio)) * float(miss),
                    Text("mean time by the hit ratio", "依命中率推算的平均時間"), "s")


def _zipf(items: int, exponent: float) -> Sequence[float]:
    """Each item's share of the requests, the most popular first."""
    whole(1, items=items)
    not_negative(exponent=exponent)
    weights = [rank**-float(exponent) for rank in range(1, items + 1)]
    total = math.fsum(weights)
    return [weight / total for weight in weights]


def _characteristic_time(shares: Sequence[float], size: int) -> float:
    """Requests until ``size`` different items are expected to have been asked for; infinite when there are no more."""
    if size >= len(shares):
        return math.inf
    low, high = 0.0, float(size) or 1.0
    while _asked_for(shares, high) < size:
        high *= 2
    for _ in range(_HALVINGS):
        middle = (low + high) / 2
        low, high = (middle, high) if _asked_for(shares, middle) < size else (low, middle)
    return high if size else 0.0


def _asked_for(shares: Sequence[float], time: float) -> float:
    return math.fsum(-math.expm1(-share * time) for share in shares)


def _ratio(value: float, label: Text) -> Quantity:
    return Quantity(min(1.0, value), label, "share")
