"""A page keeps what it uses, drops what it does not, and waits for no script."""

from __future__ import annotations

import re

import pytest

from book.tools.lean_page import lean_page

HEAD = """<head>
<!-- Loaded before other assets -->
<link href="../_static/styles/theme.css?digest=1" rel="stylesheet" />
<link rel="stylesheet" type="text/css" href="../_static/sphinx-design.min.css?v=1" />
<link rel="stylesheet" type="text/css" href="../_static/togglebutton.css?v=1" />
<link rel="stylesheet" type="text/css" href="../_static/mystnb.8f.css" />
<link rel="preload" as="script" href="../_static/scripts/bootstrap.js?digest=1" />
<link rel="next" title="Next" href="../labs/next.html" />
<script defer src="../_static/scripts/fontawesome.js?digest=1"></script>
<script src="../_static/documentation_options.js?v=1"></script>
<script src="../_static/doctools.js?v=1"></script>
<script src="../_static/copybutton.js?v=1"></script>
<script>let toggleHintShow = 'Click';</script>
<script src="../_static/togglebutton.js?v=1"></script>
<script src="../_static/searchtools.js"></script>
<script src="../searchindex.js"></script>
<script type="module" src="../_static/language.js"></script>
<script defer src="../_static/scripts/bootstrap.js?digest=1"></script>
</head>"""
OPTIONS = "const DOCUMENTATION_OPTIONS = {};"


def lean(body: str) -> str:
    return lean_page(f"{HEAD}<body>{body}</body>", OPTIONS)


@pytest.mark.parametrize("name", ["fontawesome.js", "doctools.js", "searchtools.js", "searchindex.js", "preload", "<!--"])
def test_what_no_page_needs_is_dropped(name: str) -> None:
    assert name not in lean('<p class="sd-card cell highlight toggle" data-bs-toggle="dropdown"></p>')


@pytest.mark.parametrize(("name", "sign"), [
    ("sphinx-design.min.css", '<p class="sd-card">'), ("togglebutton.js", '<div class="admonition dropdown">'),
    ("togglebutton.css", '<div class="toggle">'), ("toggleHintShow", '<div class="toggle">'),
    ("mystnb.8f.css", '<div class="cell tag_x">'),
    ("copybutton.js", '<div class="highlight">'), ("bootstrap.js", '<a data-bs-toggle="dropdown">')])
def test_a_page_has_what_it_asks_for_and_no_other_page_has(name: str, sign: str) -> None:
    assert name in lean(sign)
    assert name not in lean('<p class="text excellent" data-bs-toggle="tooltip">')


def test_scripts_wait_for_the_text() -> None:
    html = lean('<div class="highlight">')
    assert '<script defer src="../_static/copybutton.js?v=1">' in html
    assert '<script type="module" src="../_static/language.js">' in html


def test_the_options_that_scripts_read_stand_before_them_on_the_page() -> None:
    assert f"<script>{OPTIONS}</script>" in lean("")


def test_the_style_that_only_imports_another_is_replaced_by_that_one() -> None:
    assert 'href="../_static/basic.css?digest=1"' in lean("")


def test_light_or_dark_is_settled_before_anything_is_drawn() -> None:
    html = lean('<script>document.documentElement.dataset.theme = localStorage.getItem("theme") || "auto";</script>')
    assert re.search(r'"auto"; \{ .*prefers-color-scheme: dark.* \}</script>', html)


def test_a_source_is_an_item_of_the_list_of_sources() -> None:
    assert '<div role="listitem">' in lean('<div role="list"><div role="doc-biblioentry"></div></div>')


def test_links_between_pages_stay() -> None:
    assert '<link rel="next" title="Next" href="../labs/next.html" />' in lean("")


def test_what_is_lean_stays_as_it_is() -> None:
    once = lean('<div class="highlight"><script>document.documentElement.dataset.theme = "auto";</script>')
    assert lean_page(once, OPTIONS) == once
