"""Which terms mean one thing, read from the glossary and its catalogue."""

from __future__ import annotations

from pathlib import Path

from book.tools.terms import term_groups
from book.tools.tree import HERE, Tree

GLOSSARY = """# Glossary

```{glossary}
API gateway
    The one address.

cache
    A fast copy.

lab
    A notebook.
```
"""
CATALOGUE = """msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\n"

msgid "API gateway"
msgstr "API 網關"

msgid "The one address."
msgstr "唯一入口。台灣稱「API 閘道」。"

msgid "cache"
msgstr "緩存"

msgid "A fast copy."
msgstr "快速複本。台灣也稱「快取」或「高速緩存」。"
"""


def book(folder: Path) -> Tree:
    tree = Tree(folder)
    (folder / "book").mkdir()
    (folder / "book" / "glossary.md").write_text(GLOSSARY, "utf-8")
    (tree.catalogues / "book").mkdir(parents=True)
    (tree.catalogues / "book" / "glossary.po").write_text(CATALOGUE, "utf-8")
    return tree


def test_a_concept_has_its_english_its_chinese_and_its_name_in_taiwan(tmp_path: Path) -> None:
    assert term_groups(book(tmp_path))[:2] == [["API gateway", "API 網關", "API 閘道"], ["cache", "緩存", "快取", "高速緩存"]]


def test_what_differs_in_terms_that_share_a_word_is_a_pair_of_its_own(tmp_path: Path) -> None:
    assert ["gateway", "網關", "閘道"] in term_groups(book(tmp_path))


def test_a_term_of_one_name_is_no_group(tmp_path: Path) -> None:
    assert not [group for group in term_groups(book(tmp_path)) if "lab" in group]


def test_a_book_without_a_glossary_has_no_groups(tmp_path: Path) -> None:
    assert term_groups(Tree(tmp_path)) == []


def test_the_books_own_glossary_gives_both_words_for_a_cache() -> None:
    assert any({"緩存", "快取"} <= set(group) for group in term_groups(HERE))
