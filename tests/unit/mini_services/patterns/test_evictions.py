"""LRU, LFU and TTL, each beside a model that says in other words what it promises."""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.measure.hit_ratio import lfu_hit_ratio, lru_hit_ratio
from mini_services.patterns.cache import Cache
from mini_services.patterns.lfu import LFU
from mini_services.patterns.lru import LRU
from mini_services.patterns.ttl import TTL
from tests.unit.mini_services.patterns.virtual_time import Clock

Steps = list[tuple[str, int]]
steps = st.lists(st.tuples(st.sampled_from(["get", "put", "drop", "clear"]), st.integers(1, 6)), max_size=60)


class Log:
    """A cache by the book: it keeps all that ever happened, and works out from that what would be left."""

    def __init__(self, size: int, rank: Callable[[list[int]], tuple[int, ...]]) -> None:
        self.size, self.rank, self.now = size, rank, 0
        self.values: dict[int, int] = {}
        self.uses: dict[int, list[int]] = {}

    def do(self, what: str, key: int) -> int | None:
        self.now += 1
        found = None
        if what == "get" and key in self.values:
            self.uses[key].append(self.now)
            found = self.values[key]
        elif what == "put":
            if key not in self.values and len(self.values) == self.size:
                self.forget(min(self.values, key=lambda each: self.rank(self.uses[each])))
            self.uses.setdefault(key, []).append(self.now)
            self.values[key] = self.now
        elif what == "drop":
            self.forget(key)
        elif what == "clear":
            self.values.clear()
            self.uses.clear()
        return found

    def forget(self, key: int) -> None:
        self.values.pop(key, None)
        self.uses.pop(key, None)


def play(cache: LRU[int, int] | LFU[int, int], model: Log, steps: Steps) -> None:
    for number, (what, key) in enumerate(steps, start=1):
        match what:
            case "get":
                assert cache.get(key) == model.do("get", key)
            case "put":
                cache.put(key, number)
                model.do("put", key)
            case "drop":
                cache.drop(key)
                model.do("drop", key)
            case _:
                cache.clear()
                model.do("clear", key)
        assert len(cache) == len(model.values) <= cache.size


@given(size=st.integers(1, 4), steps=steps)
def test_lru_forgets_the_one_used_least_recently(size: int, steps: Steps) -> None:
    play(LRU(size), Log(size, lambda uses: (uses[-1],)), steps)


@given(size=st.integers(1, 4), steps=steps)
def test_lfu_forgets_the_one_used_the_fewest_times_and_of_those_the_oldest(size: int, steps: Steps) -> None:
    model = Log(size, lambda uses: (len(uses), uses[-1]))
    play(LFU(size), _CountingGetsAlone(model), steps)


class _CountingGetsAlone(Log):
    """As Log, but a new value for a key that is there moves it to the end of its bucket and is no further use."""

    def __init__(self, model: Log) -> None:
        super().__init__(model.size, model.rank)

    def do(self, what: str, key: int) -> int | None:
        if what == "put" and key in self.values:
            self.now += 1
            self.uses[key][-1] = self.now
            self.values[key] = self.now
            return None
        return super().do(what, key)


@pytest.mark.parametrize("size", [20, 100])
def test_under_zipfs_law_lru_hits_as_often_as_che_says_and_lfu_comes_nearer_to_the_best(size: int) -> None:
    lru, lfu, che, best = hits(LRU(size)), hits(LFU(size)), float(lru_hit_ratio(500, size)), float(lfu_hit_ratio(500, size))
    assert lru == pytest.approx(che, abs=0.01)
    assert (che + best) / 2 - 0.01 < lfu < best + 0.01


def hits(cache: LRU[int, int] | LFU[int, int]) -> float:
    """The hit ratio of a cache that is warm, under 40,000 requests for 500 items."""
    draw = random.Random(7)
    weights = [1 / rank for rank in range(1, 501)]
    found, asked = 0, draw.choices(range(1, 501), weights, k=60_000)
    for number, item in enumerate(asked):
        if cache.get(item) is None:
            cache.put(item, item)
        elif number >= 20_000:
            found += 1
    return found / 40_000


def test_a_scan_empties_lru_and_leaves_lfu_alone() -> None:
    caches: list[Cache[int, int]] = [LRU(10), LFU(10)]
    for cache in caches:
        for key in list(range(10)) * 3:
            if cache.get(key) is None:
                cache.put(key, key)
        for key in range(100, 200):
            cache.put(key, key)
    assert [sum(cache.get(key) is not None for key in range(10)) for cache in caches] == [0, 9]


@given(seconds=st.integers(1, 5), steps=st.lists(st.tuples(st.sampled_from(["get", "put", "drop", "wait"]),
                                                          st.integers(1, 3)), max_size=40))
def test_ttl_gives_nothing_older_than_its_seconds_and_everything_younger(seconds: int, steps: Steps) -> None:
    clock = Clock()
    ttl = TTL(LRU[int, tuple[float, float]](10), seconds, clock=clock)
    kept: dict[int, float] = {}
    for what, key in steps:
        match what:
            case "wait":
                clock.sleep(key)
            case "put":
                ttl.put(key, clock())
                kept[key] = clock()
            case "drop":
                ttl.drop(key)
                kept.pop(key, None)
            case _:
                young = key in kept and clock() - kept[key] < seconds
                assert ttl.get(key) == (kept[key] if young else None)


def test_jitter_spreads_what_was_put_together() -> None:
    clock, draws = Clock(), iter([0.0, 0.5, 1.0])
    ttl = TTL(LRU[int, tuple[str, float]](10), 10.0, jitter=0.4, clock=clock, random=lambda: next(draws))
    for key in (1, 2, 3):
        ttl.put(key, "page")
    alive = []
    for now in (5.9, 6.1, 7.9, 8.1, 9.9, 10.1):
        clock.now = now
        alive.append([key for key in (1, 2, 3) if ttl.get(key)])
    assert alive == [[1, 2, 3], [1, 2], [1, 2], [1], [1], []]


def test_clearing_a_ttl_cache_forgets_all_of_it() -> None:
    ttl = TTL(LRU[int, tuple[str, float]](10), 10.0, clock=Clock())
    ttl.put(1, "page")
    ttl.clear()
    assert ttl.get(1) is None


@pytest.mark.parametrize("kind", [LRU, LFU])
def test_a_cache_without_room_is_refused(kind: type) -> None:
    with pytest.raises(ValueError, match="size of 1 entry or more"):
        kind(0)


@pytest.mark.parametrize(("seconds", "jitter"), [(0, 0), (-1, 0), (math.nan, 0), (1, -0.1), (1, 1.1)])
def test_a_time_to_live_that_makes_no_sense_is_refused(seconds: float, jitter: float) -> None:
    with pytest.raises(ValueError, match="a time to live"):
        TTL(LRU[int, tuple[str, float]](1), seconds, jitter=jitter)


@pytest.mark.parametrize("kind", [LRU, LFU])
def test_threads_leave_it_whole(kind: type[LRU[int, int]] | type[LFU[int, int]]) -> None:
    import threading

    cache, errors = kind(5), []

    def work(seed: int) -> None:
        draw = random.Random(seed)
        try:
            for _ in range(3000):
                key = draw.randrange(12)
                draw.choice([lambda: cache.get(key), lambda: cache.put(key, key), lambda: cache.drop(key)])()  # noqa: B023
        except Exception as error:
            errors.append(error)

    threads = [threading.Thread(target=work, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(cache) <= 5
