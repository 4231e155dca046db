"""How long a text takes to read."""

from __future__ import annotations

import pytest

from book.tools.pace import CHARACTERS_A_MINUTE, WORDS_A_MINUTE, minutes


@pytest.mark.parametrize(("text", "time"), [
    ("", 1),
    ("word " * WORDS_A_MINUTE, 1),
    ("word " * (WORDS_A_MINUTE + 1), 2),
    ("字" * CHARACTERS_A_MINUTE * 3, 3),
    ("字" * CHARACTERS_A_MINUTE + " word" * WORDS_A_MINUTE, 2),
])
def test_words_and_characters_each_take_their_time(text: str, time: int) -> None:
    assert minutes(text) == time


@pytest.mark.parametrize(("one", "other"), [
    ("The pool’s size, a time-out and 1.5 s", "The pools size a timeout and 15 s"),
    ("緩存、負載均衡：限流。", "緩存負載均衡限流"),
])
def test_punctuation_takes_no_time(one: str, other: str) -> None:
    assert minutes(f"{one} " * 500) == minutes(f"{other} " * 500)
