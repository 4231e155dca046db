"""Cache-aside: copies are given, loads are kept, and a change is never overtaken by what was loaded before it."""

from __future__ import annotations

import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.cache import CacheAside
from mini_services.patterns.lru import LRU

WAYS = pytest.mark.parametrize("together", [False, True])


class Original:
    """A revision for each key; `meanwhile` is called between reading it and returning it."""

    def __init__(self) -> None:
        self.revision: Counter[int] = Counter()
        self.loads: list[int] = []
        self.meanwhile = lambda: None

    def load(self, key: int) -> int:
        read, meanwhile = self.revision[key] + 1, self.meanwhile
        self.loads.append(key)
        self.meanwhile = lambda: None
        meanwhile()
        return read

    def change(self, key: int, aside: CacheAside[int, int]) -> None:
        self.revision[key] += 1
        aside.changed(key)


@WAYS
def test_a_copy_is_loaded_once(together: bool) -> None:
    original = Original()
    aside = CacheAside(LRU[int, int](10), original.load, together=together)
    assert [aside.get(key) for key in (1, 1, 2, 1)] == [1, 1, 1, 1]
    assert original.loads == [1, 2]


@WAYS
def test_a_change_while_it_loads_leaves_no_old_copy(together: bool) -> None:
    original = Original()
    aside = CacheAside(LRU[int, int](10), original.load, together=together)
    original.meanwhile = lambda: original.change(1, aside)
    assert aside.get(1) == 1, "it was asked before the change"
    assert aside.get(1) == 2


@WAYS
def test_a_change_of_everything_while_it_loads_leaves_no_old_copy(together: bool) -> None:
    original = Original()
    aside = CacheAside(LRU[int, int](10), original.load, together=together)
    aside.get(2)
    original.meanwhile = aside.changed_all
    original.revision[2] = 7
    aside.get(1)
    original.revision[1] = 5
    assert (aside.get(1), aside.get(2)) == (6, 8)


@WAYS
def test_a_load_that_fails_is_raised_and_nothing_is_kept(together: bool) -> None:
    answers = iter([ValueError("down"), 5])

    def load(key: int) -> int:
        answer = next(answers)
        if isinstance(answer, Exception):
            raise answer
        return answer

    cache = LRU[int, int](10)
    aside = CacheAside(cache, load, together=together)
    with pytest.raises(ValueError, match="down"):
        aside.get(1)
    assert len(cache) == 0
    assert aside.get(1) == 5


@given(together=st.booleans(), steps=st.lists(st.tuples(
    st.sampled_from(["read", "change", "overtaken", "all"]), st.integers(1, 3)), max_size=40))
def test_who_asks_after_a_change_sees_it(together: bool, steps: list[tuple[str, int]]) -> None:
    original = Original()
    aside = CacheAside(LRU[int, int](2), original.load, together=together)
    for what, key in steps:
        if what == "change":
            original.change(key, aside)
        elif what == "all":
            original.revision[key] += 1
            aside.changed_all()
        else:
            known = original.revision[key] + 1
            original.meanwhile = (lambda key=key: original.change(key, aside)) if what == "overtaken" else lambda: None
            assert aside.get(key) >= known
            original.meanwhile = lambda: None


def test_together_threads_that_miss_one_key_load_it_once() -> None:
    begun, go_on, loads = threading.Event(), threading.Event(), []

    def load(key: int) -> str:
        loads.append(key)
        begun.set()
        assert go_on.wait(10)
        return "page"

    aside = CacheAside(LRU[int, str](10), load, together=True)
    with ThreadPoolExecutor(8) as threads:
        first = threads.submit(aside.get, 1)
        assert begun.wait(10)
        others = [threads.submit(aside.get, 1) for _ in range(7)]
        go_on.set()
        assert {each.result(10) for each in [first, *others]} == {"page"}
    assert loads == [1]
