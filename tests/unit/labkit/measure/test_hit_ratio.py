"""Hit ratios: exact where they are known, and held against a simulation where they are an approximation."""

from __future__ import annotations

import random
from collections import OrderedDict

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.measure.theory import lfu_hit_ratio, lru_hit_ratio, mean_time, ttl_hit_ratio


def shares(items: int, exponent: float) -> list[float]:
    weights = [1 / rank**exponent for rank in range(1, items + 1)]
    return [weight / sum(weights) for weight in weights]


def king(items: int, size: int, exponent: float) -> float:
    """The exact hit ratio of LRU (W. F. King, 1971): over every order in which the items were used last."""
    share = shares(items, exponent)

    def hits(held: tuple[int, ...], left: float, chance: float) -> float:
        if len(held) == size:
            return chance * sum(share[item] for item in held)
        return sum(hits((*held, item), left - share[item], chance * share[item] / left)
                   for item in range(items) if item not in held)

    return hits((), 1.0, 1.0)


@pytest.mark.parametrize(("items", "size", "exponent"), [(6, 1, 1.0), (6, 3, 1.0), (8, 4, 0.8), (8, 2, 0.0)])
def test_che_is_close_to_the_exact_formula_even_for_a_handful_of_items(items: int, size: int, exponent: float) -> None:
    assert float(lru_hit_ratio(items, size, exponent)) == pytest.approx(king(items, size, exponent), abs=0.035)


@pytest.mark.parametrize("size", [5, 50, 200])
@pytest.mark.parametrize("exponent", [0.7, 1.0])
def test_che_is_what_an_lru_cache_of_hundreds_does(size: int, exponent: float) -> None:
    draw, cache = random.Random(3), OrderedDict[int, None]()
    asked = draw.choices(range(500), shares(500, exponent), k=50_000)
    hits = 0
    for number, item in enumerate(asked):
        hits += number >= 10_000 and item in cache
        cache[item] = None
        cache.move_to_end(item)
        if len(cache) > size:
            cache.popitem(last=False)
    assert hits / 40_000 == pytest.approx(float(lru_hit_ratio(500, size, exponent)), abs=0.01)


@given(items=st.integers(1, 60), size=st.integers(0, 70))
def test_without_favourites_it_is_the_share_of_the_items_that_are_kept(items: int, size: int) -> None:
    expected = pytest.approx(min(1.0, size / items), abs=1e-9)
    assert float(lru_hit_ratio(items, size, 0)) == expected
    assert float(lfu_hit_ratio(items, size, 0)) == expected


@given(items=st.integers(2, 60), size=st.integers(1, 59), exponent=st.floats(0.1, 2))
def test_the_most_popular_are_the_best_to_keep(items: int, size: int, exponent: float) -> None:
    size = min(size, items - 1)
    assert lru_hit_ratio(items, size, exponent) <= lfu_hit_ratio(items, size, exponent) + 1e-9
    assert float(lru_hit_ratio(items, size, exponent)) <= float(lru_hit_ratio(items, size + 1, exponent)) + 1e-9


def test_one_item_is_missed_once_and_then_hit_for_its_time() -> None:
    assert float(ttl_hit_ratio(1, rate=3, seconds=2)) == pytest.approx(6 / 7)
    assert float(ttl_hit_ratio(1, rate=3, seconds=0)) == 0


def test_a_time_to_live_is_what_such_a_cache_does() -> None:
    draw, kept, hits = random.Random(5), dict[int, float](), 0
    now, asked = 0.0, draw.choices(range(100), shares(100, 1.0), k=40_000)
    for item in asked:
        now += draw.expovariate(50.0)
        if kept.get(item, -1.0) > now:
            hits += 1
        else:
            kept[item] = now + 2.0
    assert hits / 40_000 == pytest.approx(float(ttl_hit_ratio(100, rate=50, seconds=2)), abs=0.01)


def test_the_mean_is_that_of_hits_and_misses() -> None:
    assert float(mean_time(0.75, hit=0.001, miss=0.101)) == pytest.approx(0.026)
    assert mean_time(0, hit=1, miss=2) == 2
    assert mean_time(1, hit=1, miss=2) == 1


@pytest.mark.parametrize("wrong", [
    lambda: lru_hit_ratio(0, 1), lambda: lru_hit_ratio(5, -1), lambda: lru_hit_ratio(5, 1, -1), lambda: lfu_hit_ratio(5, 1.5),
    lambda: ttl_hit_ratio(5, rate=-1, seconds=1), lambda: mean_time(1.1, 1, 1), lambda: mean_time(0.5, -1, 1)])
def test_what_makes_no_sense_is_refused(wrong) -> None:
    with pytest.raises(ValueError, match="must be"):
        wrong()
