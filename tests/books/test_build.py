"""The book's build, on a small book: both languages, strict, and quiet towards the rest of the world."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from tests.support.small_book import SmallBook, make_book

EDITIONS = ("en", "zh-Hant")
PAGES = ("book/index", "book/chapter", "labs/lab_1", "book/proofs", "book/glossary")


class Document(HTMLParser):
    """What a test asks of a built page: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.text += data

    def each(self, *tags: str) -> Iterator[dict[str, str]]:
        return (attributes for tag, attributes in self.tags if tag in tags)

    @property
    def ids(self) -> set[str]:
        return {attributes["id"] for _, attributes in self.tags if "id" in attributes}


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> SmallBook:
    """The small book, built once as ``./run site`` builds it."""
    book = make_book(tmp_path_factory.mktemp("book"))
    done = book.run("book/build.py")
    assert done.returncode == 0, done.stdout
    return book


@pytest.fixture
def book(tmp_path: Path) -> SmallBook:
    """A small book of the test's own, to break."""
    return make_book(tmp_path)


def document(book: SmallBook, edition: str, page: str) -> Document:
    return Document(book.page(edition, page))


def every_page(book: SmallBook) -> Iterator[Path]:
    return (page for page in book.site.rglob("*.html") if "_static" not in page.parts)


@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", PAGES)
def test_every_page_is_built_in_both_languages_and_says_which(built: SmallBook, edition: str, page: str) -> None:
    assert [attributes["lang"] for attributes in document(built, edition, page).each("html")] == [edition]


@pytest.mark.parametrize(("edition", "shown", "other"), [
    ("en", "four services", "四個服務"), ("zh-Hant", "四個服務", "four services")])
def test_one_run_of_a_lab_is_shown_in_each_language(built: SmallBook, edition: str, shown: str, other: str) -> None:
    outputs = re.findall(r'<div class="output[^>]*>(.*?)</div>', built.page(edition, "labs/lab_1"), re.DOTALL)
    assert any(shown in output for output in outputs)
    assert not any(other in output for output in outputs)


@pytest.mark.parametrize("edition", EDITIONS)
def test_a_widget_leaves_no_python_text_behind(built: SmallBook, edition: str) -> None:
    assert "IntSlider(value" not in document(built, edition, "labs/lab_1").text


@pytest.mark.parametrize(("edition", "sentences"), [
    ("en", ["Only 12 % were answered; full after 0.48 s.", "Later not proven yet of an avalanche"]),
    ("zh-Hant", ["只有 12 % 得到回應；0.48 秒後占滿。", "之後雪崩的 尚未證明"]),
])
def test_figures_are_set_in_by_reference(built: SmallBook, edition: str, sentences: list[str]) -> None:
    text = document(built, edition, "book/chapter").text
    assert [sentence for sentence in sentences if sentence not in text] == []


@pytest.mark.parametrize(("edition", "shown"), [("en", ["It falls.", "holds"]), ("zh-Hant", ["它倒了。", "成立"])])
def test_a_claim_shows_its_sentence_and_verdict_and_leads_to_its_cell_and_its_proof(
        built: SmallBook, edition: str, shown: list[str]) -> None:
    page = document(built, edition, "book/chapter")
    assert [text for text in shown if text not in page.text] == []
    targets = [link["href"] for link in page.each("a") if "claim-chapter-vertical" in link.get("href", "")]
    assert targets == ["../labs/lab_1.html#claim-chapter-vertical", "proofs.html#claim-chapter-vertical"]


@pytest.mark.parametrize(("edition", "shown"), [
    ("en", ["1 of 3 claims are proven.", "Last measured on 2026-01-02, on a machine with 2 cores.", "holds",
            "home answered 12 % ≤ 20 %", "full after 0.48 s", "2026-01-02 · 2 cores", "too busy to judge",
            "the control stream was slow", "not proven yet"]),
    ("zh-Hant", ["3 個主張中，已證明 1 個。", "最近一次量測：2026-01-02，機器是 2 核。", "成立", "首頁得到回應 12 % ≤ 20 %",
                 "占滿 0.48 秒", "2026-01-02 · 2 核", "機器太忙，無法判斷", "對照用的 ping 太慢", "尚未證明"]),
])
def test_the_page_of_proofs_lists_every_claim_with_what_was_measured(built: SmallBook, edition: str, shown: list[str]) -> None:
    page = document(built, edition, "book/proofs")
    assert [text for text in shown if text not in page.text] == []
    assert {"claim-chapter-vertical", "claim-chapter-horizontal", "claim-chapter-unproven"} <= page.ids


@pytest.mark.parametrize("edition", EDITIONS)
def test_chapter_lab_and_page_of_proofs_lead_to_each_other_at_the_claim(built: SmallBook, edition: str) -> None:
    there = {"book/proofs": ["chapter.html", "../labs/lab_1.html"], "labs/lab_1": ["../book/chapter.html", "../book/proofs.html"]}
    for page, expected in there.items():
        links = [tag["href"] for tag in document(built, edition, page).each("a")]
        assert [link for link in links if link.endswith("#claim-chapter-vertical")] == [
            f"{target}#claim-chapter-vertical" for target in expected]
    for page in ("book/chapter", "book/proofs", "labs/lab_1"):
        assert built.page(edition, page).count('id="claim-chapter-vertical"') == 1


def test_what_a_claim_opens_needs_no_script(built: SmallBook) -> None:
    opened, = re.findall(r"<details.*?</details>", built.page("en", "book/chapter"), re.DOTALL)[:1]
    text = Document(opened).text
    assert [words for words in ("holds", "home answered 12 % ≤ 20 %", "2026-01-02", "2 cores") if words not in text] == []
    assert "<summary>" in opened


@pytest.mark.parametrize(("edition", "says"), [
    ("en", ["A real run", "2 cores"]), ("zh-Hant", ["真實的執行", "2 核"])])
def test_a_labs_page_says_on_which_day_and_machine_its_run_was(built: SmallBook, edition: str, says: list[str]) -> None:
    page = built.page(edition, "labs/lab_1")
    shown = Document(re.findall(r'<aside class="lab-run.*?</aside>', page, re.DOTALL)[0]).text
    run = json.loads((built.executed / "lab_1.ipynb").read_text("utf-8"))["metadata"]["book"]
    assert run["date"] in shown
    assert f"{run['seconds']:.0f}" in shown
    assert says[0] in shown


@pytest.mark.parametrize(("edition", "title", "path"), [
    ("en", "# 1. A lab\n", "labs%2Flab_1.ipynb"), ("zh-Hant", "# 1\\. 實驗\n", "labs%2Fzh-Hant%2Flab_1.ipynb")])
def test_a_lab_can_be_downloaded_and_opened_in_binder_in_the_pages_language(
        built: SmallBook, edition: str, title: str, path: str) -> None:
    ways = [tag["href"] for tag in document(built, edition, "labs/lab_1").each("a") if tag.get("class") == "lab-way"]
    assert ways == [f"https://mybinder.org/v2/gh/reader/fork/HEAD?urlpath=lab%2Ftree%2F{path}", "lab_1.ipynb"]
    notebook = json.loads((built.site / edition / "labs" / "lab_1.ipynb").read_text("utf-8"))
    assert notebook["cells"][0]["source"][0] == title
    assert [cell["outputs"] for cell in notebook["cells"] if cell["cell_type"] == "code"] == [[], [], []]


@pytest.mark.parametrize(("edition", "row"), [("en", "1 of 3 claims proven"), ("zh-Hant", "3 個主張，已證明 1 個")])
def test_the_map_counts_claims_and_proofs(built: SmallBook, edition: str, row: str) -> None:
    assert row in " ".join(document(built, edition, "book/index").text.split())


@pytest.mark.parametrize("words", ["各章", "1. 實驗", "解答", "秒", "(使用者) ──► stock", "雪崩"])
def test_words_in_unusual_places_are_translated_too(built: SmallBook, words: str) -> None:
    pages = [document(built, "zh-Hant", page).text for page in PAGES]
    assert any(words in page for page in pages)


@pytest.mark.parametrize("words", ["Chapters", "A lab", "Solution", "seconds", "(users)", "happens", "first paragraph"])
def test_nothing_of_it_is_left_in_english(built: SmallBook, words: str) -> None:
    articles = [re.sub(r"<code.*?</code>|<pre>.*?</pre>|<svg.*?</svg>", "", built.page("zh-Hant", page), flags=re.DOTALL)
                for page in PAGES]
    assert [page for page, article in zip(PAGES, articles, strict=True) if words in Document(article).text] == []


def test_the_switch_leads_to_the_same_page_in_the_other_language(built: SmallBook) -> None:
    for page in every_page(built):
        if page.parent in (built.site, built.site / "en", built.site / "zh-Hant") and page.name in ("index.html", "404.html"):
            continue  # these lead on, in both languages
        links = [tag for tag in Document(page.read_text("utf-8")).each("a") if tag.get("class") == "language-switch"]
        there, = {(page.parent / tag["href"]).resolve() for tag in links}
        edition, other = page.relative_to(built.site).parts[0], there.relative_to(built.site.resolve()).parts[0]
        assert {edition, other} == set(EDITIONS)
        assert there.is_file()
        assert there.relative_to(built.site.resolve() / other) == page.relative_to(built.site / edition)


def test_every_link_inside_the_site_leads_somewhere(built: SmallBook) -> None:
    broken = []
    for page in every_page(built):
        for tag in Document(page.read_text("utf-8")).each("a"):
            link = urlsplit(tag.get("href", ""))
            above = built.site if link.path.startswith("/") else page.parent
            there = (above / unquote(link.path).lstrip("/")).resolve() if link.path else page
            if link.scheme in ("", "file") and not (there.is_file() and _has(there, unquote(link.fragment))):
                broken.append(f"{page.relative_to(built.site)}: {tag['href']}")
    assert broken == []


def _has(page: Path, fragment: str) -> bool:
    return not fragment or page.suffix != ".html" or fragment in Document(page.read_text("utf-8")).ids


def test_no_page_asks_another_machine_for_anything(built: SmallBook) -> None:
    asked = []
    for page in every_page(built):
        html = Document(page.read_text("utf-8"))
        asked += [tag["src"] for tag in html.each("script", "img", "iframe", "source", "video") if _outside(tag.get("src", ""))]
        asked += [tag["href"] for tag in html.each("link") if _outside(tag.get("href", ""))]
        without_links = re.sub(r"<a [^>]*>", "", page.read_text("utf-8"))  # a link asks for nothing until it is followed
        asked += re.findall(r"https?://(?!www\.w3\.org/)[^\s\"'<]+", without_links)
    for style in built.site.rglob("*.css"):
        asked += [url for url in re.findall(r"(?:url\(|@import )[\"']?([^\"')]+)", style.read_text("utf-8")) if _outside(url)]
    assert asked == []


def _outside(address: str) -> bool:
    return urlsplit(address).netloc != ""


@pytest.mark.parametrize(("edition", "described"), [("en", "A first paragraph."), ("zh-Hant", "第一段。")])
def test_a_page_is_described_by_its_first_paragraph(built: SmallBook, edition: str, described: str) -> None:
    found = [tag["content"] for tag in document(built, edition, "book/index").each("meta") if tag.get("name") == "description"]
    assert found == [described]


def test_the_front_page_leads_to_both_languages_without_a_script(built: SmallBook) -> None:
    front = Document((built.site / "index.html").read_text("utf-8"))
    assert [tag["href"] for tag in front.each("a")] == ["en/book/index.html", "zh-Hant/book/index.html"]
    assert [tag["href"] for tag in front.each("a") if not (built.site / tag["href"]).is_file()] == []


def test_a_formula_is_markup_and_needs_no_script(built: SmallBook) -> None:
    assert len(list(document(built, "en", "book/chapter").each("math"))) == 2


def test_an_edit_of_prose_runs_no_lab_and_builds_no_page_that_does_not_show_it(book: SmallBook) -> None:
    assert book.run("book/build.py", "--lang", "en").returncode == 0
    before = {page: (book.site / "en" / f"{page}.html").stat().st_mtime_ns for page in PAGES}
    book.edit("labs/lab_1", "What *happens*?", "What *happened*?")
    again = book.run("book/build.py", "--lang", "en")
    after = {page: (book.site / "en" / f"{page}.html").stat().st_mtime_ns for page in PAGES}
    assert "running" not in again.stdout
    assert "happened" in book.page("en", "labs/lab_1")
    assert "four services" in book.page("en", "labs/lab_1")
    assert {page for page in PAGES if before[page] == after[page]} == {*PAGES} - {"labs/lab_1"}


def test_a_new_record_is_shown_on_the_pages_that_name_its_claim(book: SmallBook) -> None:
    assert book.run("book/build.py", "--lang", "en", "--no-labs").returncode == 0
    record = book.records / "chapter.vertical.json"
    record.write_text(record.read_text("utf-8").replace("12 %", "34 %"))
    assert book.run("book/build.py", "--lang", "en", "--no-labs").returncode == 0
    assert "Only 34 % were answered" in document(book, "en", "book/chapter").text


def test_without_a_run_the_pages_are_built_from_the_labs_as_they_are(book: SmallBook) -> None:
    done = book.run("book/build.py", "--no-labs")
    assert done.returncode == 0, done.stdout
    assert "<b>four services</b>" not in book.page("en", "labs/lab_1")


def test_a_lab_that_fails_is_named_with_its_cell_and_no_site_is_built(book: SmallBook) -> None:
    book.edit("labs/lab_1", "def judge(lab):", "undefined_name\\ndef judge(lab):")
    done = book.run("book/build.py")
    assert done.returncode == 1
    assert "lab_1.ipynb, code cell 3 of 3" in done.stdout
    assert "NameError: name 'undefined_name' is not defined" in done.stdout
    assert not (book.site / "en" / "book").exists()


@pytest.mark.parametrize(("old", "new", "why"), [
    (None, '{"id": "chapter.ver', "it is cut short, or no JSON"),
    ('"id":', '"version": 2, "id":', "it is of version 2, and this book reads version 1"),
    ('"rows"', '"lines"', "“rows” is missing"),
    ('"chapter.vertical"', '"chapter.other"', "it is the record of another claim, chapter.other"),
])
def test_a_record_that_cannot_be_believed_proves_nothing_and_is_named(
        book: SmallBook, old: str | None, new: str, why: str) -> None:
    record = book.records / "chapter.vertical.json"
    text = record.read_text("utf-8")
    assert old is None or old in text
    record.write_text(text.replace(old, new) if old else new, "utf-8")
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 0, done.stdout
    assert f"{record} proves nothing: {why}" in done.stdout
    assert "Run the claim's lab again" in done.stdout
    assert "0 of 3 claims are proven." in document(book, "en", "book/proofs").text
    assert "Only not proven yet were answered" in document(book, "en", "book/chapter").text


def test_what_other_code_measured_proves_nothing_of_todays(book: SmallBook) -> None:
    book.edit("labs/lab_1", "True)\\n", "1 > 0)\\n")
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 0, done.stdout
    assert ("labs/lab_1.ipynb has changed since it was measured, so its pages show these claims as not proven: "
            "chapter.vertical, chapter.horizontal. ./run site runs it again.") in done.stdout
    page = document(book, "en", "book/proofs").text
    assert "0 of 3 claims are proven." in page
    assert "its lab has changed since: run it again" in page
    assert "12 %" not in page


def test_a_record_whose_lab_is_gone_is_named(book: SmallBook) -> None:
    book.edit("book/chapter", "{claim}`chapter.vertical`", "Nothing.")
    book.edit("book/chapter", "Only {measured}`chapter.vertical:home` were answered; full after {measured}`chapter.vertical:full`.",
              "")
    book.edit("labs/lab_1", 'lab.claim(\\"chapter.vertical\\", True)', "pass")
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 0, done.stdout
    assert "chapter.vertical.json: no lab judges this claim any more" in done.stdout


@pytest.mark.parametrize("broken", ['{"cells": [{"cell_ty', "[]", '{"cells": [{"cell_type": "code"}], "metadata": {}}'])
def test_a_run_that_is_cut_short_is_named_and_not_shown(book: SmallBook, broken: str) -> None:
    book.executed.mkdir(parents=True)
    run = book.executed / "lab_1.ipynb"
    run.write_text(broken)
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 0, done.stdout
    assert f"{run} is no run of a lab" in done.stdout
    assert "./run site runs the lab again." in done.stdout
    assert "This page shows no run" in document(book, "en", "labs/lab_1").text


@pytest.mark.parametrize(("file", "old", "new", "says"), [
    ("_config.yml", 'book_repository: ""', "book_repository: no-slash", "book_repository is “no-slash”; it should be owner/name"),
    ("book/claims.yml", "zh: ", "zhh: ", "claims.yml, line 4: “zhh” is no field here"),
])
def test_what_cannot_be_meant_in_a_settings_file_is_a_sentence(
        book: SmallBook, file: str, old: str, new: str, says: str) -> None:
    path = book.root / file
    assert old in path.read_text("utf-8")
    path.write_text(path.read_text("utf-8").replace(old, new), "utf-8")
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 1
    assert says in done.stdout
    assert "Traceback" not in done.stdout


WRONG = {
    "{claim}`chapter.vertcal`": "chapter.vertical",
    "{measured}`chapter.vertical:hone`": "home",
    "{measured}`vertical:home`": "chapter.vertical",
    "{claim}`chapter.unproven`": "no lab judges the claim “chapter.unproven”",
    "{measured}`chapter.unproven:home`": "no lab judges the claim “chapter.unproven”",
    "[gone](gone.md)": "gone.md",
    "$$ \\frac{a $$": "formula",
}


@pytest.fixture(scope="module")
def referring(tmp_path_factory: pytest.TempPathFactory) -> tuple[list[str], str]:
    """A chapter's lines with every reference to nothing, and what its build says."""
    book = make_book(tmp_path_factory.mktemp("book"))
    book.edit("book/chapter", "See [the lab]", "\n\n".join([*WRONG, "See [the lab]"]))
    done = book.run("book/build.py", "--lang", "en", "--no-labs")
    assert done.returncode == 1, done.stdout
    return (book.root / "book" / "chapter.md").read_text("utf-8").splitlines(), done.stdout


@pytest.mark.parametrize("wrong", WRONG)
def test_a_reference_to_nothing_fails_the_build_with_page_line_and_hint(referring: tuple[list[str], str], wrong: str) -> None:
    lines, said = referring
    assert re.search(rf"chapter\.md:{lines.index(wrong) + 1}: WARNING.*{re.escape(WRONG[wrong])}", said), said


def test_whole_catalogues_pass_the_check(built: SmallBook) -> None:
    checked = built.run("book/tools/catalogue.py", "check")
    assert checked.returncode == 0, checked.stdout


@pytest.mark.parametrize(("page", "old", "new"), [
    ("book/chapter", "All of it.", "All of that."), ("labs/lab_1", "What *happens*?", "What *happened*?"),
    ("book/chapter", "<summary>Solution", "<summary>Answer"), ("_toc", "caption: Chapters", "caption: Contents"),
])
def test_one_edited_word_is_caught_until_it_is_translated(book: SmallBook, page: str, old: str, new: str) -> None:
    book.edit(page, old, new)
    checked = book.run("book/tools/catalogue.py", "check")
    assert checked.returncode == 1
    assert "missing from" in checked.stdout
    assert "stale" in checked.stdout


def test_a_catalogue_whose_page_is_gone_is_caught_and_taken_away(book: SmallBook) -> None:
    orphan = book.catalogues / "book" / "gone.po"
    orphan.write_text('msgid ""\nmsgstr ""\n')
    assert "gone.po:1: stale" in book.run("book/tools/catalogue.py", "check").stdout
    book.run("book/tools/catalogue.py", "update")
    assert not orphan.exists()
