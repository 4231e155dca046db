"""A catalogue held against its page."""

from __future__ import annotations

from pathlib import Path

import polib
import pytest

from book.tools.messages import problems, updated

PAGE = [("Avalanche", "雪崩效應"), ("Stock hangs: `stock` waits.", "庫存卡住了：`stock` 在等。")]


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
