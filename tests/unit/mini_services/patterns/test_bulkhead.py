"""The bulkhead: never more inside than places, and every place comes back."""

from __future__ import annotations

import threading
from contextlib import ExitStack

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.bulkhead import Bulkhead, BulkheadFull


def test_refuses_at_once_when_full_and_says_so() -> None:
    bulkhead = Bulkhead(2)
    with bulkhead, bulkhead, pytest.raises(BulkheadFull, match="all 2 places are taken"), bulkhead:
        pytest.fail("a third call got in")
    assert bulkhead.in_use == 0


def test_a_place_comes_back_after_a_failure_too() -> None:
    bulkhead = Bulkhead(1)
    for _ in range(3):
        with pytest.raises(KeyError), bulkhead:
            raise KeyError
    assert bulkhead.in_use == 0


@given(places=st.integers(1, 5), steps=st.lists(st.booleans(), max_size=60))
def test_admits_exactly_while_a_place_is_free(places: int, steps: list[bool]) -> None:
    bulkhead, inside = Bulkhead(places), []
    for enters in steps:
        if enters:
            stack = ExitStack()
            try:
                stack.enter_context(bulkhead)
                inside.append(stack)
            except BulkheadFull:
                assert len(inside) == places
        elif inside:
            inside.pop().close()
        assert bulkhead.in_use == len(inside) <= places
    for stack in inside:
        stack.close()
    assert bulkhead.in_use == 0


def test_many_threads_never_exceed_the_places_and_leave_none_taken() -> None:
    bulkhead, lock = Bulkhead(3, wait=3600.0), threading.Lock()
    inside, most, done = 0, 0, 0

    def work() -> None:
        nonlocal inside, most, done
        for _ in range(50):
            with bulkhead:
                with lock:
                    inside += 1
                    most = max(most, inside)
                with lock:
                    inside -= 1
                    done += 1

    threads = [threading.Thread(target=work, daemon=True) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(5)
    assert done == 400, "a waiting call was never woken"
    assert most <= 3
    assert bulkhead.in_use == 0


def test_waits_for_a_place_when_told_to() -> None:
    bulkhead, entered = Bulkhead(1, wait=3600.0), threading.Event()

    def second() -> None:
        with bulkhead:
            entered.set()

    thread = threading.Thread(target=second, daemon=True)
    with bulkhead:
        thread.start()
        assert not entered.is_set()
    thread.join(5)
    assert entered.is_set(), "the waiting call was not woken"


def test_waits_no_longer_than_told() -> None:
    bulkhead, refused = Bulkhead(1, wait=0.01), threading.Event()

    def second() -> None:
        with pytest.raises(BulkheadFull), bulkhead:
            pytest.fail("a second call got in")
        refused.set()

    with bulkhead:
        thread = threading.Thread(target=second, daemon=True)
        thread.start()
        assert refused.wait(5), "it waits for ever"
    thread.join(5)
    assert bulkhead.in_use == 0


@pytest.mark.parametrize(("places", "wait"), [(0, 0.0), (1, -1.0)])
def test_a_bulkhead_that_makes_no_sense_is_refused(places: int, wait: float) -> None:
    with pytest.raises(ValueError, match="a bulkhead needs"):
        Bulkhead(places, wait=wait)
