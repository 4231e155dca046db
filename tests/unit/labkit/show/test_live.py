"""A figure in a notebook: a widget where someone is there, its markup on every page, and never a widget's text."""

from __future__ import annotations

import json
import re

import pytest

from labkit.language import LANGUAGES, Language, Text
from labkit.show import module
from labkit.show.live import Live, State, opening
from labkit.show.note import note
from tests.unit.labkit.show.stages import on

WIDGET = "application/vnd.jupyter.widget-view+json"
CAPTION = Text("What <it> shows.", "它顯示 <什麼>。")


def live(**state: object) -> Live:
    return Live("avalanche", State(**state), CAPTION, note(Text("a still picture", "靜態的圖")))  # type: ignore[arg-type]


def model(html: str) -> object:
    found = re.findall(r'<script type="application/json">(.*?)</script>', html, re.DOTALL)
    assert len(found) == 1
    return json.loads(found[0])


@pytest.mark.parametrize(("language", "caption", "still"), [
    ("en", "What &lt;it&gt; shows.", "a still picture"), ("zh-Hant", "它顯示 &lt;什麼&gt;。", "靜態的圖")])
def test_a_page_gets_the_markup_in_its_language(
        monkeypatch: pytest.MonkeyPatch, language: Language, caption: str, still: str) -> None:
    on(monkeypatch, "record")
    data, metadata = live(preset="hang", parameters={"rate": 12})._repr_mimebundle_()
    html = metadata[language]["text/html"]
    assert set(data) == {"text/html", "text/plain"}
    assert '<figure class="mbe-figure" data-figure="avalanche">' in html
    assert model(html) == {"language": language, "preset": "hang", "parameters": {"rate": 12}, "seed": 1, "recording": None}
    assert caption in html
    assert still in html
    assert still in metadata[language]["text/plain"]


def test_a_text_in_the_state_cannot_end_its_element(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "record")
    title = "</script><b>x</b><!--<script>"
    html = live(recording={"title": title}).html("en")
    assert "<b>x" not in html
    assert model(html)["recording"]["title"] == title  # type: ignore[index]


def test_a_notebook_gets_a_widget_with_the_same_module_and_the_same_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "notebook")
    shown = live(preset="hang", recording={"version": 1})
    data, metadata = shown._repr_mimebundle_()
    assert set(data) == {WIDGET, "text/html", "text/plain"}
    assert WIDGET not in metadata["en"]
    keys = model(data["text/html"])
    assert isinstance(keys, dict)
    assert {name: getattr(shown.widget, name) for name in keys} == keys
    assert shown.widget._esm == module.bundle("avalanche")
    assert "--mbe-healthy" in shown.widget._css
    assert "mbe" in shown.widget._dom_classes


def test_two_figures_in_one_notebook_keep_a_module_each(monkeypatch: pytest.MonkeyPatch) -> None:
    on(monkeypatch, "notebook")
    monkeypatch.setattr(module, "bundle", lambda name: f"// {name}")
    one, other = (Live(name, State(), CAPTION) for name in ("one", "other"))
    assert (one.widget._esm, other.widget._esm) == ("// one", "// other")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_still_picture_is_the_figures_own_unless_another_is_given(language: Language) -> None:
    drawn = Live("avalanche", State(), CAPTION).body(language)
    assert f'<div class="mbe-still">{module.still("avalanche", language)}</div>' in drawn


def test_a_name_is_no_markup() -> None:
    assert 'data-figure="&quot;&gt;&lt;b&gt;"' in opening('"><b>', State(), "", "en")
