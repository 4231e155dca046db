"""Single flight: one call for all who want the same at the same time, its failure included, and none after a change."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from mini_services.patterns.single_flight import SingleFlight


class Tower:
    """A load that lands when it is told to."""

    def __init__(self) -> None:
        self.flights: list[Future[str]] = []
        self.taken_off = threading.Semaphore(0)

    def load(self, key: str) -> str:
        flight: Future[str] = Future()
        self.flights.append(flight)
        self.taken_off.release()
        return flight.result(10)

    def wait(self) -> None:
        assert self.taken_off.acquire(timeout=10)


@pytest.fixture
def tower() -> Tower:
    return Tower()


def boarded(group: SingleFlight[str, str], threads: ThreadPoolExecutor, tower: Tower) -> Future[str]:
    """A second caller of "book" who is known to wait: its own load would be seen by the tower."""
    second = threads.submit(group.fly, "book", tower.load)
    assert not tower.taken_off.acquire(timeout=0.05)
    return second


def test_those_who_come_meanwhile_get_what_the_first_one_gets(tower: Tower) -> None:
    group = SingleFlight[str, str]()
    with ThreadPoolExecutor(4) as threads:
        first = threads.submit(group.fly, "book", tower.load)
        tower.wait()
        second = boarded(group, threads, tower)
        other = threads.submit(group.fly, "pen", tower.load)
        tower.wait()
        for flight, page in zip(tower.flights, ("a book", "a pen"), strict=True):
            flight.set_result(page)
        assert [each.result(10) for each in (first, second, other)] == ["a book", "a book", "a pen"]


def test_a_failure_is_shared_and_the_next_one_flies_again(tower: Tower) -> None:
    group = SingleFlight[str, str]()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(group.fly, "book", tower.load)
        tower.wait()
        second = boarded(group, threads, tower)
        tower.flights[0].set_exception(ValueError("down"))
        for each in (first, second):
            with pytest.raises(ValueError, match="down"):
                each.result(10)
    assert group.fly("book", lambda key: f"a {key}") == "a book"


def test_who_comes_after_it_was_forgotten_is_not_given_the_old_answer(tower: Tower) -> None:
    group = SingleFlight[str, str]()
    with ThreadPoolExecutor(2) as threads:
        first = threads.submit(group.fly, "book", tower.load)
        tower.wait()
        group.forget("book")
        second = threads.submit(group.fly, "book", tower.load)
        tower.wait()
        tower.flights[0].set_result("old")
        assert first.result(10) == "old"
        third = boarded(group, threads, tower)  # the first one's landing has left the second's flight alone
        tower.flights[1].set_result("new")
        assert [each.result(10) for each in (second, third)] == ["new", "new"]


def test_one_after_another_each_flies_for_itself() -> None:
    pages = iter(["first", "second"])
    group = SingleFlight[str, str]()
    assert [group.fly("book", lambda key: next(pages)) for _ in range(2)] == ["first", "second"]
