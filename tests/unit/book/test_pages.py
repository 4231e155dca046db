"""What the book's own pages must have."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import polib
import pytest

from book.tools.punctuation import mispunctuated
from book.tools.tree import HERE, Tree

PATTERNS = sorted(file.name for file in (HERE.root / "mini_services" / "patterns").glob("[a-z]*.py"))
CATALOGUES = sorted(HERE.catalogues.rglob("*.po"))
TAIWAN = {"快取": "緩存", "負載平衡": "負載均衡", "閘道": "網關", "匯流排": "總線", "分散式": "分佈式", "執行緒": "線程",
          "伺服器": "服務器", "映像檔": "鏡像", "斷路器": "熔斷器", "逾時": "超時", "佇列": "隊列", "呼叫": "調用"}


def glossary() -> list[polib.POEntry]:
    return list(polib.pofile(str(HERE.catalogues / "book" / "glossary.po")))


def terms() -> list[str]:
    """The English terms of the glossary: the lines that a definition follows."""
    return re.findall(r"^(\S.*)\n {4}\S", (HERE.root / "book" / "glossary.md").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("pattern", PATTERNS)
def test_every_pattern_is_a_page_of_the_book(pattern: str) -> None:
    pages = [HERE.root / f"{page}.md" for page in HERE.pages() if page.startswith("book/patterns/")]
    assert any(f"mini_services/patterns/{pattern}\n" in page.read_text("utf-8") for page in pages)


def test_every_page_of_the_contents_is_there() -> None:
    assert [page for page in HERE.pages() if not list(HERE.root.glob(f"{page}.*"))] == []


def test_every_page_is_in_the_contents() -> None:
    pages = {str(file.relative_to(HERE.root).with_suffix("")) for file in (HERE.root / "book").rglob("*.md")}
    assert pages - set(HERE.pages()) == {"book/figures/README"}  # for who writes the next figure


def test_a_term_has_one_chinese_term_of_its_own() -> None:
    chinese = {entry.msgid: entry.msgstr for entry in glossary()}
    assert [term for term, times in Counter(chinese[term] for term in terms()).items() if times > 1] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_where_the_notes_have_a_term_no_page_uses_another(catalogue: Path) -> None:
    said = [entry.msgstr for entry in polib.pofile(str(catalogue))]
    if catalogue.stem == "glossary":  # the one page that gives both, and only beside the notes' own
        said = [re.sub(r"台灣[^。]*「[^」]*」", "", text) for text in said]
    assert [(other, text) for text in said for other in TAIWAN if other in text] == []


@pytest.mark.parametrize("catalogue", CATALOGUES, ids=lambda path: path.stem)
def test_chinese_is_punctuated_as_chinese(catalogue: Path) -> None:
    assert [entry.msgstr for entry in polib.pofile(str(catalogue)) if mispunctuated(entry.msgstr)] == []


def test_the_contents_are_read_in_order(tmp_path: Path) -> None:
    (tmp_path / "_toc.yml").write_text("root: a\nparts:\n  - chapters:\n      - file: b\n        sections:\n          - file: c\n"
                                       "      - url: https://example.org\n  - chapters: [{file: d}]\n")
    assert Tree(tmp_path).pages() == ["a", "b", "c", "d"]
