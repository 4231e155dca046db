"""The words after ``labkit get``."""

from __future__ import annotations

import pytest

from labkit.__main__ import main
from labkit.get.wanted import GROUPS, KNOWN, systems_named


def test_a_chapters_word_is_all_its_systems_each_once() -> None:
    assert systems_named(["bus", "kafka", "redis"]) == [name for name in GROUPS["bus"] if name in KNOWN]


def test_a_chapters_word_is_no_systems_name() -> None:
    assert set(GROUPS).isdisjoint(KNOWN)


@pytest.mark.parametrize(("word", "near"), [("kafak", "kafka"), ("discovry", "discovery")])
def test_an_unknown_name_is_answered_with_the_nearest(word: str, near: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["get", word]) == 2
    told = capsys.readouterr().err
    assert f"There is no system “{word}”. Did you mean" in told
    assert near in told
