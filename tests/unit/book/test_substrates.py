"""The table of faults and the picture of the substrates say what labkit does."""

from __future__ import annotations

from collections.abc import Callable
from xml.etree import ElementTree

import pytest

from book._ext import substrates
from book._ext.substrate_picture import containers, processes
from labkit.faults.catalogue import FAULTS
from labkit.faults.noop import Noop
from labkit.language import LANGUAGES, Language


def test_every_fault_is_in_the_table_but_the_one_that_does_nothing() -> None:
    assert {row[0].en for row in substrates.rows()} == set(FAULTS) - {"noop"}


def test_what_needs_a_container_is_refused_to_processes_and_nothing_is_refused_to_containers() -> None:
    told = {name.en: (process.en, container.en) for name, _, _, process, container in substrates.rows()}
    assert {name for name, (process, _) in told.items() if process == "refused"} == {"throttle", "disconnect"}
    assert {container for _, container in told.values()} == {"yes"}


def test_a_fault_without_a_sentence_fails_the_build(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(FAULTS, "storm", type("Storm", (Noop,), {"name": "storm"}))
    with pytest.raises(KeyError, match="storm"):
        substrates.rows()


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("draw", [processes, containers])
def test_a_picture_says_what_it_shows_in_the_language_of_the_page(draw: Callable[[Language], str], language: Language) -> None:
    picture = ElementTree.fromstring(draw(language))
    said = picture.get("aria-label") or ""
    assert all(name in said for name in ("storefront", "orders", "Redis"))
    assert ("監督進程" in said) == (language != "en")
    assert {text.text for text in picture.iter("text")} > {"storefront", "orders", "Redis"}
