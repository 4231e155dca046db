"""What a page is described by elsewhere: its first paragraph."""

from __future__ import annotations

from docutils import nodes

from book._ext.description import description


def test_a_term_keeps_its_words_and_loses_its_markup() -> None:
    term = nodes.raw("", '<a class="term" href="g.html">call &amp; answer</a>', format="html")
    paragraph = nodes.paragraph("", "", nodes.Text("A "), term, nodes.Text(" is two messages."))
    assert description(_page(paragraph)) == "A call & answer is two messages."


def test_a_page_without_a_paragraph_is_described_by_nothing() -> None:
    assert description(_page(nodes.title("", "Index"))) == ""
    assert description(None) == ""


def _page(*children: nodes.Node) -> nodes.document:
    page = nodes.document(None, None)
    page += children
    return page
