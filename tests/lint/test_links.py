"""A link from one file of the book to another leads somewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from markdown_it import MarkdownIt

from tests.lint.notebook import LABS, Lab
from tests.lint.repository import ROOT, files, relative

PAGES = files(".md")
_ELSEWHERE = re.compile(r"^[a-z][a-z0-9+.-]*:|^//")  # another site, a mail address
_HEADING = re.compile(r"^#+ +(.*?) *#*$", re.MULTILINE)


def _targets(text: str) -> Iterator[str]:
    """Where the links and pictures of a Markdown text lead, those elsewhere left out."""
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        for child in token.children or []:
            target = str(child.attrGet("href") or child.attrGet("src") or "")
            if target and not _ELSEWHERE.match(target):
                yield unquote(target)


def _anchors(page: Path) -> set[str]:
    """The names of a page's headings, as the site and GitHub make them, and those given by hand."""
    text = page.read_text("utf-8")
    given = set(re.findall(r"^\(([\w.-]+)\)=$", text, re.MULTILINE)) | set(re.findall(r'id="([^"]+)"', text))
    return given | {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in _HEADING.findall(text)}


def _broken(page: Path, text: str) -> list[str]:
    return [target for target in _targets(text) if not _resolves(page, target)]


def _resolves(page: Path, target: str) -> bool:
    name, _, anchor = target.partition("#")
    there = (page.parent / name).resolve() if name else page
    if not there.exists():
        there = there.with_suffix(".md")  # how one page of the book may name another
    return there.exists() and (not anchor or there.suffix != ".md" or anchor in _anchors(there))


def test_there_are_pages_to_read() -> None:
    assert {"README.md", "README.zh-Hant.md", "CONTRIBUTING.md", "book/avalanche.md"} <= set(map(relative, PAGES))


@pytest.mark.parametrize("page", PAGES, ids=relative)
def test_links_of_a_page_resolve(page: Path) -> None:
    assert _broken(page, page.read_text("utf-8")) == []


@pytest.mark.parametrize("lab", LABS, ids=relative)
def test_links_of_a_lab_resolve(lab: Path) -> None:
    assert [target for cell in Lab(lab).prose for target in _broken(lab, cell.source)] == []


def test_a_broken_link_is_seen() -> None:
    assert _broken(ROOT / "README.md", "[a](nowhere.md) [b](LICENSE) [c](#nowhere) ![d](gone.png) <x@y.zz>") == [
        "nowhere.md", "#nowhere", "gone.png"]
