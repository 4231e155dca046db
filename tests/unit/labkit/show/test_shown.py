"""Whatever is shown holds both languages, is the same each time, and is HTML that asks for nothing."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest

from labkit.language import LANGUAGES, Language, Text
from labkit.show.note import note
from labkit.show.shown import Together, tag, written
from tests.unit.labkit.show.gallery import EVERYTHING

CHINESE = re.compile("[\u4e00-\u9fff]")


@pytest.fixture(params=EVERYTHING)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def test_the_data_is_in_the_readers_language_and_the_metadata_holds_both(name: str, monkeypatch: pytest.MonkeyPatch
                                                                         ) -> None:
    shown = EVERYTHING[name]()
    for language in LANGUAGES:
        monkeypatch.setenv("LABKIT_LANGUAGE", language)
        data, metadata = shown._repr_mimebundle_(include=None, exclude=None)
        assert set(metadata) == {"en", "zh-Hant"}
        assert data == metadata[language]
        assert set(data) == {"text/html", "text/plain"}


def test_each_language_is_shown_in_its_own_words(name: str) -> None:
    shown = EVERYTHING[name]()
    english, chinese = (shown.html(language) for language in LANGUAGES)
    assert CHINESE.search(re.sub("<style>.*?</style>", "", chinese))
    assert not CHINESE.search(re.sub("<style>.*?</style>", "", english))
    assert 'lang="en"' in english
    assert 'lang="zh-Hant"' in chinese


def test_the_same_figures_give_the_same_bytes(name: str) -> None:
    assert EVERYTHING[name]()._repr_mimebundle_() == EVERYTHING[name]()._repr_mimebundle_()


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_whole_html_that_asks_for_nothing(name: str, language: Language) -> None:
    page = Page()
    page.feed(EVERYTHING[name]().html(language))
    assert page.open == []
    assert page.asked == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_terminal_gets_words(name: str, language: Language) -> None:
    plain = EVERYTHING[name]().plain(language)
    assert plain.strip()
    assert not re.search("</?[a-z]+|var\\(--", plain)


def test_a_plain_shell_prints_it_in_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh")
    assert repr(note(Text("Done.", "完成。"))) == "完成。"


def test_several_outputs_are_one_with_each_style_once() -> None:
    both = Together([note(Text("One.", "一。")), note(Text("Two.", "二。"))])
    assert both.css == ("note",)
    assert both.plain("en") == "One.\n\nTwo."
    assert both.html("en").count("<style>") == 1


def test_what_is_written_is_escaped_and_keeps_a_figure_with_its_unit() -> None:
    assert written(Text("a < b: 20 ms, 95 %", ""), "en") == "a &lt; b: 20\u00a0ms, 95\u00a0%"
    assert written("120 requests", "en") == "120 requests"
    assert tag("p", "x", class_="a", aria_label='"b"', title=None) == '<p class="a" aria-label="&quot;b&quot;">x</p>'


class Page(HTMLParser):
    """What is open, and what would be asked for."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.asked: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.open.append(tag)
        self.asked += [f"{tag} {key}={value}" for key, value in attrs
                       if key in ("src", "href", "xlink:href", "srcset", "action") and not str(value).startswith("#")]
        self.asked += [str(value) for _, value in attrs if re.search(r"url\((?!#)|https?:", str(value))]
        self.asked += [tag] if tag in ("script", "link", "iframe", "img", "image", "object") else []

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        self.open.pop()

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag
