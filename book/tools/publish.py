"""From what Sphinx wrote to what a reader loads: each page with what it uses, each style with what the pages use.

Sphinx builds into ``tree.drafts``; only a build without a warning is brought from there to ``tree.site``, so the site
that is shown is always the last good one. A file that stays as it was is not written again.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from book.tools.editions import Edition
from book.tools.lean_page import lean_page
from book.tools.lean_style import icons, lean_font, lean_style, names_in_page, names_in_script
from book.tools.tree import Tree

__all__ = ["bring", "publish"]

_STYLES = ("basic.css", "sphinx-design.min.css", "styles/pydata-sphinx-theme.css", "styles/sphinx-book-theme.css")
_FIRST = Path("index.html")  # which Jupyter Book writes without a language or a word
_LEADS_ON = """<!doctype html>
<html lang="{language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex">
<title>{title}</title>
<meta http-equiv="refresh" content="0; url={root}.html">
</head>
<body><p><a href="{root}.html">{title}</a></p></body>
</html>
"""
_FONTS = "vendor/fontawesome/webfonts"
_UNUSED = ("*.map", "*.LICENSE.txt", "locales", "*thebe*", "*macros.html", "fontawesome.js", "searchtools.js", "language_data.js",
           "doctools.js", "sphinx_highlight.js", "translations.js", "theme.css", ".buildinfo*", "fa-v4compatibility.*", "*.ttf")


def publish(tree: Tree, edition: Edition) -> None:
    """Bring one language's site up to date with what Sphinx wrote last, and take away what is gone."""
    draft, site = tree.drafts / edition.code, tree.site / edition.code
    made = {file.relative_to(draft): file for file in _files(draft)}
    pages = {name: _page(draft, file) for name, file in made.items() if name.suffix == ".html"}
    if _FIRST in pages:
        pages[_FIRST] = _LEADS_ON.format(language=edition.code, title=edition.title, root=tree.pages()[0])
    lean = {**{name: html.encode() for name, html in pages.items()}, **_styles(draft, list(pages.values()))}
    for name, file in made.items():
        bring(site / name, lean[name] if name in lean else file.read_bytes())
    for file in [*site.rglob("*")]:
        if file.is_file() and file.relative_to(site) not in made:
            file.unlink()


def _files(draft: Path) -> Iterator[Path]:
    for file in draft.rglob("*"):
        parts = file.relative_to(draft).parts
        if file.is_file() and not any(Path(part).match(pattern) for part in parts for pattern in _UNUSED):
            yield file


def _page(draft: Path, file: Path) -> str:
    options = (draft / "_static" / "documentation_options.js").read_text("utf-8")
    return lean_page(file.read_text("utf-8"), options)


def _styles(draft: Path, pages: list[str]) -> dict[Path, bytes]:
    """The theme's styles and icon fonts, as far as the pages use them."""
    static = draft / "_static"
    names: set[str] = set().union(*map(names_in_page, pages), *map(names_in_script, _scripts(draft, pages)))
    styles = {Path("_static") / name: lean_style((static / name).read_text("utf-8"), names) for name in _STYLES}
    shown: set[int] = set().union(*map(icons, styles.values()))
    fonts = {file.relative_to(draft): lean_font(file.read_bytes(), shown) for file in (static / _FONTS).glob("fa-*.woff2")}
    return {**{name: css.encode() for name, css in styles.items()}, **fonts}


def _scripts(draft: Path, pages: list[str]) -> Iterator[str]:
    """Every script of the site; Bootstrap's mentions all of its own classes, so it counts only where a page loads it."""
    for file in _files(draft):
        if file.suffix == ".js" and (file.name != "bootstrap.js" or any("/bootstrap.js" in page for page in pages)):
            yield file.read_text("utf-8")


def bring(to: Path, content: bytes) -> None:
    """Write whole or not at all, and only what is new: a page may be read at this moment."""
    if to.is_file() and to.read_bytes() == content:
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    unfinished = to.with_name(f".{to.name}.part")
    unfinished.write_bytes(content)
    unfinished.replace(to)
