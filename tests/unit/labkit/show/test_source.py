"""A file of the book, shown whole."""

from __future__ import annotations

import re
from html import unescape

import pytest

from labkit.show.source import ROOT, source

BREAKER = "mini_services/patterns/breaker.py"


def test_the_whole_file_is_there_letter_by_letter() -> None:
    text = (ROOT / BREAKER).read_text(encoding="utf-8").rstrip("\n")
    page = re.search("<code>(.*)</code>", source(BREAKER).body("en"), re.DOTALL)
    assert page is not None
    assert unescape(re.sub("<[^>]+>", "", page[1])).rstrip("\n") == text
    assert source(BREAKER).plain("en").endswith(text)


def test_its_head_says_where_it_is_and_how_long() -> None:
    lines = len((ROOT / BREAKER).read_text(encoding="utf-8").splitlines())
    assert f">{BREAKER}, {lines} lines<" in source(BREAKER).body("en")
    assert source(BREAKER).plain("zh-Hant").startswith(f"{BREAKER}，{lines} 行")


def test_words_of_the_language_names_and_texts_are_marked() -> None:
    page = source(BREAKER).body("en")
    assert '<span class="mbe-k">def</span>' in page
    assert '<span class="mbe-n">Breaker</span>' in page
    assert '<span class="mbe-c">&quot;&quot;&quot;' in page or '<span class="mbe-c">"""' in page


def test_a_module_can_be_named_as_it_is_imported() -> None:
    assert source("mini_services.patterns.breaker").path == BREAKER


@pytest.mark.parametrize("wrong", ["mini_services/patterns/braeker.py", "mini_services.patterns.braeker"])
def test_a_file_that_is_not_there_is_told_with_the_nearest(wrong: str) -> None:
    with pytest.raises(FileNotFoundError, match=f"did you mean {re.escape(BREAKER)}"):
        source(wrong)


def test_nothing_outside_the_book_is_shown() -> None:
    with pytest.raises(FileNotFoundError):
        source("../../../etc/secrets.py")
