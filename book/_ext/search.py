"""The book's own search: an index of every section, and the page that reads it.

Sphinx's search cuts text into words, which Chinese does not mark: it misses common terms of two and three characters.
A book is small enough to look through whole, so the index is its text, a section each, with the glossary's groups of
terms that mean one thing; ``_static/search-engine.js`` looks through it in the browser, on the search page alone.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx import addnodes
from sphinx.application import Sphinx

from book._ext.standing import said
from book.tools.editions import EDITIONS, edition_of
from book.tools.terms import term_groups
from book.tools.tree import Tree
from labkit.language import Text

__all__ = ["register"]

INDEX = "search-index.json"
_WORDS = {
    "hint": Text("English or Chinese. Several words find the sections that have them all.",
                 "中文或英文都可以。輸入幾個詞，會找出同時提到它們的段落。"),
    "label": Text("Words to look for", "要找的詞"),
    "go": Text("Search", "搜尋"),
    "loading": Text("Loading the book's text …", "正在載入全書文字……"),
    "broken": Text("The book's text could not be loaded. Reload the page to try again.",
                   "全書文字載入失敗。重新整理頁面再試一次。"),
    "noscript": Text("Searching needs JavaScript. Without it, the contents and the glossary lead to every page.",
                     "搜尋需要 JavaScript。沒有它，也能從目錄與詞彙表走到每一頁。"),
    "one": Text("1 section", "1 個段落"),
    "many": Text("{n} sections", "{n} 個段落"),
    "also": Text("also found by: {terms}", "也找了：{terms}"),
    "some": Text("No section has all of these words. These have some of them.", "沒有段落同時提到這些詞。以下段落提到其中一部分。"),
    "none": Text("Nothing in the book says “{query}”.", "書裡沒有提到「{query}」。"),
    "fewer": Text("Try fewer or shorter words, or look in the {glossary}.", "試試少一點或短一點的詞，或查{glossary}。"),
    "glossary": Text("glossary", "詞彙表"),
    "near": Text("Did you mean", "你要找的是不是"),
    "other": Text("Search the Chinese edition instead", "改在英文版搜尋"),
    "more": Text("Show more", "顯示更多"),
}


def register(app: Sphinx) -> None:
    """Take the place of Sphinx's search."""
    app.connect("builder-inited", _without_sphinx_search)
    app.connect("html-collect-pages", _page)
    app.connect("html-page-context", _keep)
    app.connect("build-finished", _write)


def _without_sphinx_search(app: Sphinx) -> None:
    app.builder.search = False  # type: ignore[attr-defined]  # of its builders for HTML, the only ones that look at it


def _page(app: Sphinx) -> Iterator[tuple[str, dict[str, Any], str]]:
    here = edition_of(app.config.language)
    other = next(edition for edition in EDITIONS if edition is not here)
    words = {name: said(app.env, text) for name, text in _WORDS.items()}
    settings = {"words": words, "index": INDEX, "other": f"../{other.code}/search.html",
                "glossary": "book/glossary.html", "language": here.code}
    yield "search", {"title": words["go"], "find": words, "find_settings": json.dumps(settings, ensure_ascii=False)}, "search.html"


def _keep(app: Sphinx, page: str, _template: str, _context: dict[str, Any], doctree: nodes.document | None) -> None:
    """Keep the sections of a page that is being written; a page that did not change has kept its own."""
    if doctree is not None:
        kept = _kept(app, page)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps(list(_sections(doctree)), ensure_ascii=False), "utf-8")


def _kept(app: Sphinx, page: str) -> Path:
    return Path(app.doctreedir) / "search" / f"{page}.json"


def _write(app: Sphinx, error: Exception | None) -> None:
    """The whole index, in the order of the book: ``sections`` are [page, address, heading, text, code]."""
    if error or app.builder.format != "html":
        return
    tree = Tree(Path(app.srcdir))
    pages = [page for page in tree.pages() if _kept(app, page).is_file()]
    kept = [json.loads(_kept(app, page).read_text("utf-8")) for page in pages]
    sections = [[number, *section] for number, page in enumerate(kept) for section in page]
    titles = [[f"{page}.html", app.env.titles[page].astext()] for page in pages]
    index = {"pages": titles, "sections": sections, "terms": term_groups(tree)}
    (Path(app.outdir) / INDEX).write_text(json.dumps(index, ensure_ascii=False, separators=(",", ":")), "utf-8")


def _sections(doctree: nodes.document) -> Iterator[tuple[str, str, str, str]]:
    """Each section's address on its page, heading, text and code; a term of the glossary is a section of its own."""
    for section in doctree.findall(nodes.section):
        title = section.next_node(nodes.title)
        texts = [node for node in section.findall(nodes.TextElement) if _owner(node) is section and _is_text(node)]
        prose = " ".join(_words(node) for node in texts if not isinstance(node, nodes.literal_block))
        code = "\n".join(node.astext() for node in texts if isinstance(node, nodes.literal_block))
        yield section["ids"][0], title.astext() if title else "", prose, code
    for entry in doctree.findall(nodes.definition_list_item):
        terms = [term for term in entry.findall(nodes.term) if term["ids"]]
        if terms and isinstance(entry.parent.parent, addnodes.glossary):
            yield terms[0]["ids"][0], ", ".join(map(nodes.Element.astext, terms)), _words(entry.children[-1]), ""


def _owner(node: nodes.Node) -> nodes.Node | None:
    """The section that ``node`` is in; text of a glossary's entry, a table's head or an output is in none."""
    above = node.parent
    while above is not None and not isinstance(above, nodes.section):
        if isinstance(above, (addnodes.glossary, nodes.thead)) or above.get("nb_element") == "cell_code_output":
            return None
        above = above.parent
    return above


def _is_text(node: nodes.TextElement) -> bool:
    """Whether this is a paragraph or the like: the text within one is part of it."""
    odd = (nodes.title, nodes.raw, nodes.math, nodes.math_block, nodes.comment, nodes.Inline)
    return not isinstance(node, odd) and not isinstance(node.parent, nodes.TextElement)


def _words(node: nodes.Node) -> str:
    return " ".join(node.astext().split())
