"""The README's pictures: they are there, in the reader's language, in light and in dark, and ask for nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest

from book.tools.readme_picture import LOOKS, name
from labkit.language import LANGUAGES, Language
from tests.lint.repository import ROOT, files, relative

README: dict[Language, str] = {"en": "README.md", "zh-Hant": "README.zh-Hant.md"}
ASKS = re.compile(r'(?:href|src)="(?!#)|url\((?!#)|@import')


class Pictures(HTMLParser):
    """The pictures of a page: their files, and what is said to whoever does not see them."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.files: dict[str, str] = {}
        self.alt = ""
        self.feed((ROOT / page).read_text("utf-8"))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = {key: value or "" for key, value in attrs}
        if tag == "source" and "dark" in said.get("media", ""):
            self.files["dark"] = said["srcset"]
        elif tag == "img":
            self.files["light"], self.alt = said["src"], said.get("alt", "")


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_readme_shows_its_own_languages_picture_in_light_and_dark(language: Language) -> None:
    shown = Pictures(README[language])
    assert shown.files == {look: name(language, look) for look in LOOKS}
    assert all((ROOT / file).is_file() for file in shown.files.values())
    assert bool(re.search(r"[\u4e00-\u9fff]", shown.alt)) == (language == "zh-Hant")
    assert len(shown.alt) > 40, "what it shows is said in words"


def test_no_picture_is_left_that_no_readme_shows() -> None:
    made = {relative(path) for path in files(".svg") if "_static/readme/" in relative(path)}
    assert made == {file for page in README.values() for file in Pictures(page).files.values()}


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_picture_is_whole_and_asks_for_nothing(language: Language, look: str) -> None:
    text = (ROOT / name(language, look)).read_text("utf-8")
    root = ElementTree.fromstring(text)
    assert not ASKS.search(text)
    assert root.attrib["lang"] == language
    assert len([part for part in root.iter() if part.tag.endswith("path")]) > 5, "a chart, not a frame"
