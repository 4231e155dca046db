"""Fallbacks: the full answer when there is one, and otherwise a lesser one that says that it is."""

from __future__ import annotations

import pytest

from mini_services.patterns.fallback import Answer, LastGood, alternative, default


class Sick(Exception):
    """The callee failed."""


def fails() -> str:
    """A call to a sick callee."""
    raise Sick


def test_a_full_answer_stands_as_it_is_and_the_other_way_is_not_taken() -> None:
    assert default(lambda: "fresh", "none") == Answer("fresh", "full")
    assert alternative(lambda: "fresh", fails) == Answer("fresh", "full")
    assert LastGood[str]().answer(lambda: "fresh") == Answer("fresh", "full")


def test_each_fallback_tells_its_kind() -> None:
    assert default(fails, "none") == Answer("none", "default")
    assert alternative(fails, lambda: "second") == Answer("second", "alternative")
    assert alternative(fails, lambda: "later", kind="queued") == Answer("later", "queued")


def test_stale_is_the_last_good_answer_of_that_key() -> None:
    last = LastGood[str]()
    last.answer(lambda: "12 left", "book")
    last.answer(lambda: "11 left", "book")
    last.answer(lambda: "3 left", "pen")
    assert last.answer(fails, "book") == Answer("11 left", "stale")
    with pytest.raises(Sick):
        last.answer(fails, "lamp")


def test_only_the_keys_used_last_are_remembered() -> None:
    last = LastGood[str](keys=2)
    for key in ("a", "b", "a", "c"):
        last.answer(lambda: "good", key)
    assert last.answer(fails, "a").kind == "stale"
    with pytest.raises(Sick):
        last.answer(fails, "b")


def test_other_errors_than_those_named_are_not_hidden() -> None:
    with pytest.raises(Sick):
        default(fails, "none", on=(KeyError,))
    with pytest.raises(Sick):
        alternative(fails, lambda: "second", on=(KeyError,))
    with pytest.raises(Sick):
        LastGood[str]().answer(fails, on=(KeyError,))


def test_what_the_other_way_raises_is_raised() -> None:
    def worse() -> str:
        raise KeyError

    with pytest.raises(KeyError):
        alternative(fails, worse)
