"""A figure placed on a page of a small book: what cannot be meant is named with its line, and an edited figure is served."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.small_book import SmallBook, make_book

BUILD = ("book/build.py", "--lang", "en", "--no-labs")
PLACED = "```{figure-live} breaker\n:preset: hangs\n:parameters: {rate: 5}\nWhat there is to try.\n```"
BEFORE = "See [the lab]"

WRONG = {
    "an unknown figure": ("```{figure-live} avalanch\nOne.\n```", "There is no figure “avalanch”. Did you mean avalanche?"),
    "an unknown preset": ("```{figure-live} avalanche\n:preset: hnag\nOne.\n```", "There is no preset “hnag”. Did you mean hang?"),
    "a value that cannot be": ("```{figure-live} avalanche\n:parameters: {rate: 1000}\nOne.\n```",
                               "rate cannot be 1000, only from 2 to 60 in steps of 1; the nearest is 60."),
    "no switch": ("```{figure-live} avalanche\n:parameters: {breaker: 1}\nOne.\n```", "breaker cannot be 1, only true or false."),
    "an unknown parameter": ("```{figure-live} breaker\n:parameters: {treshold: 0.5}\nOne.\n```",
                             "There is no parameter “treshold”. Did you mean threshold?"),
    "broken YAML": ("```{figure-live} breaker\n:parameters: {rate: 5\nOne.\n```", "{rate: 5: not YAML: while parsing"),
    "no names and values": ("```{figure-live} breaker\n:parameters: [rate]\nOne.\n```", "give names and values, as in {rate: 60}"),
    "an unknown option": ("```{figure-live} breaker\n:sead: 3\nOne.\n```", "Unknown option keys: ['sead'] (allowed:"),
    "no caption": ("```{figure-live} breaker\n```", "a figure needs a caption of one paragraph"),
}


@pytest.fixture(scope="module")
def refused(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """A chapter's lines with all that is wrong, and what its build says of it."""
    book = make_book(tmp_path_factory.mktemp("book"))
    book.edit("book/chapter", BEFORE, "\n\n".join([*(text for text, _ in WRONG.values()), BEFORE]))
    done = book.run(*BUILD)
    assert done.returncode == 1, done.stdout
    return (book.root / "book" / "chapter.md").read_text("utf-8").split("\n\n"), done.stdout


@pytest.mark.parametrize("case", WRONG)
def test_what_a_figure_cannot_be_fails_the_build_with_page_line_and_the_nearest(refused: tuple[list[str], str], case: str) -> None:
    blocks, said = refused
    text, hint = WRONG[case]
    line = 1 + sum(block.count("\n") + 2 for block in blocks[:blocks.index(text)])
    assert re.search(rf"chapter\.md:{line}: WARNING: .*{re.escape(hint)}", said), said


def test_an_edited_figure_is_what_the_page_loads_and_shows_and_a_preset_that_is_gone_is_named_there(tmp_path: Path) -> None:
    book = make_book(tmp_path)
    book.own_figures()
    book.edit("book/chapter", BEFORE, f"{PLACED}\n\n{BEFORE}")
    built(book)
    assert "Send a call" in served(book)

    book.edit("book/figures/breaker", "Send a call", "Send one call")
    book.edit("book/figures/kit", '["Play", "播放"]', '["Go", "開始"]')
    book.edit("book/figures/stills/breaker.en", "<svg ", '<svg data-edited="" ')
    built(book)
    assert [text for text in ("Send one call", '["Go","開始"]') if text not in served(book)] == []
    assert 'data-edited=""' in book.page("en", "book/chapter")

    book.edit("book/figures/breaker", "  hangs: {", "  stuck: {")
    done = book.run(*BUILD)
    assert done.returncode == 1
    assert re.search(r"chapter\.md:\d+: WARNING: There is no preset “hangs”\.", done.stdout), done.stdout


def built(book: SmallBook) -> None:
    done = book.run(*BUILD)
    assert done.returncode == 0, done.stdout


def served(book: SmallBook) -> str:
    return (book.site / "en" / "_static" / "figures" / "breaker.js").read_text("utf-8")
