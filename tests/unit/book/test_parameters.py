"""What the parameters of a figure may be, as the build of the book asks."""

from __future__ import annotations

import pytest

from book._ext.parameters import impossible
from labkit.show.module import names, ranges


@pytest.mark.parametrize("parameters", [
    {}, {"rate": 60, "timeout": 0.6, "pool": 4}, {"breaker": False, "compact": True, "retries": 0}])
def test_what_a_figure_can_be_is_not_talked_about(parameters: dict[str, object]) -> None:
    assert list(impossible("avalanche", parameters)) == []


@pytest.mark.parametrize(("name", "given", "allowed"), [
    ("rate", 1, "from 2 to 60 in steps of 1; the nearest is 2"),
    ("rate", float("nan"), "from 2 to 60 in steps of 1; the nearest is 2"),
    ("timeout", 0.27, "from 0.2 to 10 in steps of 0.1; the nearest is 0.3"),
    ("pool", "many", "from 4 to 60 in steps of 2; the nearest is 4"),
    ("retries", True, "from 0 to 3 in steps of 1; the nearest is 0"),
    ("budget", 1, "true or false"), ("compact", None, "true or false")])
def test_what_it_cannot_be_is_refused_with_what_it_can(name: str, given: object, allowed: str) -> None:
    assert list(impossible("avalanche", {name: given})) == [f"{name} cannot be {given}, only {allowed}."]


@pytest.mark.parametrize(("name", "hint"), [("timeuot", "Did you mean timeout?"), (3, "Known are: rate, timeout,")])
def test_what_it_does_not_have_is_answered_with_what_it_has(name: object, hint: str) -> None:
    (sentence,) = impossible("avalanche", {name: 1})  # type: ignore[dict-item]  # YAML's keys need not be words
    assert hint in sentence


def test_the_ranges_of_every_figure_are_found() -> None:
    assert {name for name in names() if not ranges(name)} == {"replay"}  # which shows what was recorded
    assert ranges("avalanche")["rate"] == (2, 60, 1)
    assert ranges("avalanche")["breaker"] is None
