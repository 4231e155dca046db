"""A catalogue held against its page."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from book.tools.entries import BrokenCatalogueError
from book.tools.messages import own_problems, problems, updated

PAGE = [("Avalanche", "雪崩效應"), ("Stock hangs: `stock` waits.", "庫存卡住了：`stock` 在等。")]

BROKEN = "broken: this is no line of a gettext catalogue"


def write(path: Path, entries: list[tuple[str, str]], flags: tuple[str, ...] = ()) -> Path:
    """A template or catalogue with ``entries``, at the lines of a page."""
    file = polib.POFile(wrapwidth=0)
    file.metadata = {"Content-Type": "text/plain; charset=UTF-8"}
    for line, (msgid, msgstr) in enumerate(entries, start=1):
        file.append(polib.POEntry(msgid=msgid, msgstr=msgstr, occurrences=[("../../book/page.md", str(line))], flags=list(flags)))
    file.save(str(path))
    return path


@pytest.fixture
def template(tmp_path: Path) -> Path:
    return write(tmp_path / "page.pot", [(msgid, "") for msgid, _ in PAGE])


def found(template: Path, entries: list[tuple[str, str]], flags: tuple[str, ...] = ()) -> list[str]:
    catalogue = write(template.with_suffix(".po"), entries, flags)
    return [str(problem) for problem in problems(template, catalogue, template.parent)]


def test_a_whole_catalogue_has_no_problem(template: Path) -> None:
    assert found(template, PAGE) == []


def test_a_missing_message_is_named_with_its_page_and_line(template: Path) -> None:
    assert found(template, PAGE[:1]) == ["book/page.md:2: missing from page.po: Stock hangs: `stock` waits."]


def test_a_page_without_a_catalogue_misses_all_of_it(template: Path) -> None:
    assert len(problems(template, template.with_suffix(".po"), template.parent)) == len(PAGE)


def test_a_stale_message_is_named_with_its_line_in_the_catalogue(template: Path) -> None:
    stale, = found(template, [*PAGE, ("Stock is gone.", "庫存不見了。")])
    assert stale.startswith("page.po:")
    assert "stale" in stale
    assert stale.endswith("Stock is gone.")


def test_a_fuzzy_message_is_not_good_enough(template: Path) -> None:
    assert all("fuzzy" in problem for problem in found(template, PAGE, flags=("fuzzy",)))
    assert len(found(template, PAGE, flags=("fuzzy",))) == len(PAGE)


@pytest.mark.parametrize("nothing", ["", "  "])
def test_an_empty_message_is_named(template: Path, nothing: str) -> None:
    assert [problem.split(": ")[1] for problem in found(template, [PAGE[0], (PAGE[1][0], nothing)])] == ["empty"]


@pytest.mark.parametrize(("msgstr", "lost"), [
    ("庫存卡住了：stock 在等。", "lost `stock`"),
    ("庫存卡住了：`stocks` 在等。", "lost `stock`; added `stocks`"),
    ("庫存卡住了：`stock` 在等 `stock`。", "added `stock`"),
])
def test_markup_that_is_lost_or_added_is_named(template: Path, msgstr: str, lost: str) -> None:
    problem, = found(template, [PAGE[0], (PAGE[1][0], msgstr)])
    assert f"mismatch ({lost})" in problem


def test_a_translation_that_markdown_would_misread_is_named(template: Path) -> None:
    problem, = found(template, [PAGE[0], (PAGE[1][0], "**庫存卡住了：**`stock`在等。**")])
    assert "bold" in problem


@pytest.mark.parametrize(("english", "chinese", "lost"), [
    ("{claim}`avalanche.vertical`", "{claim}`avalanche.horizontal`", "lost {claim}`avalanche.vertical`"),
    ("{measured}`a.b:home` of them", "其中 12 %", "lost {measured}`a.b:home`"),
    ("{measured}`a.b:home` of them", "其中 {measured}`a.b:home", "lost {measured}`a.b:home`"),
    ("an {term}`avalanche`", "雪崩", "no {term} to 雪崩"),
    ("an {term}`avalanche`", "{term}`熔斷器`", "no {term} to 雪崩; {term} to 熔斷器"),
    ("{term}`avalanches <avalanche>`", "{term}`雪崩們 <雪崩效應>`", "no {term} to 雪崩"),
    ("See [it](page.md).", "見此。", "lost ](page.md)"),
    ("See [it](page.md).", "見[它](pages.md)。", "added ](pages.md)"),
    ("at <https://a.org/>", "在 <https://b.org/>", "lost <https://a.org/>"),
    ("{{ day }}", "{{ night }}", "lost {{ day }}"),
    ("![a](a.svg)", "圖", "lost ](a.svg)"),
    ("$x$ s", "$y$ 秒", "lost $x$"),
])
def test_a_reference_that_is_lost_or_leads_elsewhere_is_named(template: Path, english: str, chinese: str, lost: str) -> None:
    write(template, [(english, "")])
    catalogue = write(template.with_suffix(".po"), [(english, chinese)])
    problem, = problems(template, catalogue, template.parent, {"avalanche": "雪崩", "breaker": "熔斷器"})
    assert "mismatch" in problem.what
    assert lost in problem.what


@pytest.mark.parametrize(("english", "chinese"), [
    ("an {term}`avalanche`", "{term}`雪崩`"), ("{term}`avalanches <avalanche>`", "多次{term}`崩塌 <雪崩>`"),
    ("an {term}`Avalanche`", "{term}`雪崩`")])
def test_a_term_may_be_worded_freely_as_long_as_it_leads_to_its_entry(template: Path, english: str, chinese: str) -> None:
    write(template, [(english, "")])
    catalogue = write(template.with_suffix(".po"), [(english, chinese)])
    assert problems(template, catalogue, template.parent, {"avalanche": "雪崩"}) == []


@pytest.mark.parametrize("chinese", ["庫存卡住了, `stock` 在等。", "庫存卡住了:`stock` 在等。", "庫存卡住了.`stock` 在等。",
                                     "“庫存”卡住了：`stock` 在等。"])
def test_punctuation_that_is_not_chinese_is_named(template: Path, chinese: str) -> None:
    problem, = found(template, [PAGE[0], (PAGE[1][0], chinese)])
    assert "wrong punctuation" in problem


@pytest.mark.parametrize(("text", "line"), [
    ('msgid "Avalanche"\nmsgstr "雪崩', 2), ('msgid "Avalanche"\nmsgstr 雪崩\n', 2), ("<<<<<<< HEAD\n", 1),
    ('msgid "a "b" c"\nmsgstr "d"\n', 1), ('msgid "a"\nmsgid "b"\nmsgstr "c"\n', 2)])
def test_a_catalogue_that_is_no_gettext_is_one_problem_with_its_line(template: Path, text: str, line: int) -> None:
    catalogue = template.with_suffix(".po")
    catalogue.write_text(text, "utf-8")
    problem, = problems(template, catalogue, template.parent)
    assert (problem.file, problem.line, problem.what) == ("page.po", line, BROKEN)


def test_a_catalogue_that_is_no_utf_8_is_broken(template: Path) -> None:
    template.with_suffix(".po").write_bytes('msgid "Avalanche"\nmsgstr "雪崩"\n'.encode("big5"))
    problem, = problems(template, template.with_suffix(".po"), template.parent)
    assert problem.what == BROKEN


def test_updating_a_broken_catalogue_would_lose_what_is_in_it(template: Path) -> None:
    template.with_suffix(".po").write_text('msgid "Avalanche"\nmsgstr "雪崩', "utf-8")
    with pytest.raises(BrokenCatalogueError):
        updated(template, template.with_suffix(".po"))


def test_a_message_that_is_there_twice_is_named_once(template: Path) -> None:
    again, = found(template, [*PAGE, ("Avalanche", "崩塌")])
    assert "here a second time" in again


def test_a_catalogue_of_no_page_is_checked_for_what_shows_in_itself(template: Path) -> None:
    own = write(template.parent / "sphinx.po", [("Search", "搜尋"), ("Home", ""), ("{{ n }} pages", "頁")])
    assert [problem.what.split(" (")[0] for problem in own_problems(own, template.parent)] == [
        "empty", "role or placeholder mismatch"]


def test_updating_keeps_translations_and_the_pages_order(tmp_path: Path, template: Path) -> None:
    write(tmp_path / "page.po", PAGE[::-1])
    text = updated(template, tmp_path / "page.po")
    assert [(entry.msgid, entry.msgstr) for entry in polib.pofile(text)] == PAGE


def test_updating_twice_changes_nothing(tmp_path: Path, template: Path) -> None:
    once = updated(template, tmp_path / "page.po")
    (tmp_path / "page.po").write_text(once, "utf-8")
    assert updated(template, tmp_path / "page.po") == once


def test_a_catalogue_holds_no_date_no_line_and_no_path(tmp_path: Path, template: Path) -> None:
    text = updated(template, tmp_path / "page.po")
    assert "Date" not in text
    assert "page.md" not in text
    assert str(tmp_path) not in text


def test_an_edited_message_shows_its_old_translation_as_fuzzy(tmp_path: Path, template: Path) -> None:
    write(tmp_path / "page.po", [PAGE[0], ("Stock hung: `stock` waits.", "庫存卡住過：`stock` 在等。")])
    edited = polib.pofile(updated(template, tmp_path / "page.po"))[1]
    assert edited.fuzzy
    assert edited.msgstr == "庫存卡住過：`stock` 在等。"
    assert edited.previous_msgid == "Stock hung: `stock` waits."


def test_a_message_unlike_any_old_one_is_left_empty(tmp_path: Path, template: Path) -> None:
    write(tmp_path / "page.po", [PAGE[0], ("Something else altogether", "完全是別的")])
    new = polib.pofile(updated(template, tmp_path / "page.po"))[1]
    assert (new.msgstr, new.fuzzy) == ("", False)


def test_a_figure_needs_no_translator(tmp_path: Path) -> None:
    template = write(tmp_path / "page.pot", [("48", ""), ("`orders`", "")])
    assert [entry.msgstr for entry in polib.pofile(updated(template, tmp_path / "none.po"))] == ["48", "`orders`"]
