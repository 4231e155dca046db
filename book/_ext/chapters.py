"""The map of the book: ``{chapters}`` lists every chapter, what it is about, what it asks of the reader and what it proves.

Nothing of it is typed in. Titles and sentences are ``claims.yml``'s; the minutes are counted in the pages; a lab's seconds
are those of its run; the row of cells has one for each claim, filled where a lab has proven it. A chapter that has no
page of its own may be told in another one, which then makes its claims; a chapter that no page tells is not written yet.
"""

from __future__ import annotations

import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from book._ext import fresh
from book._ext.effort import reading, seconds
from book._ext.standing import chapters, said, standing, standing_of_all
from book.tools.tree import Tree
from labkit.check.claims import Chapter
from labkit.language import Text

__all__ = ["register", "told_in"]

_READ = Text("{minutes} min to read", "閱讀 {minutes} 分鐘")
_LAB = Text("{minutes} min, runs in {seconds} s", "{minutes} 分鐘，運行 {seconds} 秒")
_LAB_NOT_RUN = Text("{minutes} min", "{minutes} 分鐘")
_PROVEN = Text("{proven} of {all} claims proven", "{all} 個主張，已證明 {proven} 個")
_TOLD = Text("told in “{page}”", "寫在「{page}」裡")
_LATER = Text("{all} claims, not written yet", "{all} 個主張，尚未寫成")
_LATER_ONE = Text("one claim, not written yet", "一個主張，尚未寫成")
_CELL, _STEP, _HEIGHT = 6, 8, 13


class chapter_map(nodes.General, nodes.Element):  # noqa: N801 - docutils names nodes so
    """Where the map stands; it is drawn when every page has been read."""


def register(app: Sphinx) -> None:
    """Make the directive known, and draw the map anew when a page takes longer to read than it did."""
    app.add_node(chapter_map)
    app.add_directive("chapters", _Chapters)
    app.connect("doctree-resolved", _draw)
    app.connect("env-updated", _pages_to_write)


class _Chapters(SphinxDirective):
    """The place of the map."""

    def run(self) -> list[nodes.Node]:
        tree = Tree(Path(self.env.srcdir))
        for file in (tree.toc, *(tree.executed / lab.name for lab in tree.labs())):
            fresh.note(self.env, file)
        for chapter in chapters():
            for claim in chapter.claims:
                standing(self.env, claim.id)  # notes its record
        _maps(self.env).add(self.env.docname)
        return [chapter_map()]


def told_in(tree: Tree, chapter: str) -> str | None:
    """The page that tells ``chapter``: its own, else the first that makes one of its claims."""
    if f"book/{chapter}" in tree.pages():
        return f"book/{chapter}"
    claimed = re.compile(rf"\{{claim\}}`{re.escape(chapter)}\.")
    return next((page for page, file in zip(_told(tree), _sources(tree), strict=True)
                 if claimed.search(file.read_text("utf-8"))), None)


def _told(tree: Tree) -> list[str]:
    return [page for page in tree.pages() if (tree.root / f"{page}.md").is_file()]


def _sources(tree: Tree) -> list[Path]:
    return [tree.root / f"{page}.md" for page in _told(tree)]


def _maps(env: BuildEnvironment) -> set[str]:
    maps: set[str] = env.__dict__.setdefault("book_maps", set())
    return maps


def _pages_to_write(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """Pages with a map are written again when what it says of other pages has changed; they need not be read again."""
    tree = Tree(Path(app.srcdir))
    now = dict(reading(env)), [told_in(tree, chapter.name) for chapter in chapters()]
    before, env.__dict__["book_drawn"] = env.__dict__.get("book_drawn"), now
    return sorted(_maps(env) & env.found_docs) if before != now else []


def _draw(app: Sphinx, doctree: nodes.document, page: str) -> None:
    for place in list(doctree.findall(chapter_map)):
        drawn = "".join(_Drawn(app, page, chapter).html() for chapter in chapters())
        place.replace_self(nodes.raw("", f'<ol class="map">\n{drawn}</ol>', format="html"))


class _Drawn:
    """One chapter on the map that stands on ``page``."""

    def __init__(self, app: Sphinx, page: str, chapter: Chapter) -> None:
        self._app, self._page, self._chapter = app, page, chapter
        self._env: BuildEnvironment = app.env
        self._tree = Tree(Path(app.srcdir))
        self._told_in = told_in(self._tree, chapter.name)
        self._standings = [standing_of_all()[claim.id] for claim in chapter.claims]

    def html(self) -> str:
        """A station of the map: what the chapter is, what it asks, what it proves."""
        later = "" if self._told_in else " map-later"
        return (f'<li class="map-chapter{later}"><div class="map-text"><h3>{self._title()}</h3>{self._about()}'
                f"{self._effort()}</div>{self._proof()}</li>\n")

    def _say(self, text: Text) -> str:
        return escape(said(self._env, text).replace("'", "’"))  # as Sphinx sets the prose around it

    def _link(self, target: str, inside: str, classes: str = "") -> str:
        page, _, anchor = target.partition("#")
        address = self._app.builder.get_relative_uri(self._page, page) + (f"#{anchor}" if anchor else "")
        return f'<a{classes} href="{escape(address)}">{inside}</a>'

    def _title(self) -> str:
        title = self._say(self._chapter.title)
        return self._link(self._told_in, title) if self._told_in else title

    def _about(self) -> str:
        return f'<p class="map-about">{self._say(self._chapter.about)}</p>' if self._chapter.about else ""

    def _effort(self) -> str:
        if not self._told_in:
            return ""
        read = self._say(self._time())
        labs = "".join(f"<li>{self._lab(lab)}</li>" for lab in self._labs())
        return f'<p class="map-effort">{read}</p>' + (f'<ul class="map-labs">{labs}</ul>' if labs else "")

    def _time(self) -> Text:
        """How long its page takes, which is said once where two chapters share one."""
        page = str(self._told_in)
        if page == f"book/{self._chapter.name}":
            return _READ.format(minutes=reading(self._env)[page])
        return _TOLD.format(page=self._env.titles[page].astext())

    def _labs(self) -> list[str]:
        judging = [Path(each.lab).name for each in self._standings if each.lab]
        return [f"labs/{lab}" for lab in sorted(set(judging)) if f"labs/{lab}" in self._tree.pages()]

    def _lab(self, lab: str) -> str:
        took = seconds(self._tree.executed / f"{Path(lab).name}.ipynb")
        minutes = reading(self._env)[lab]
        said = _LAB_NOT_RUN.format(minutes=minutes) if took is None else _LAB.format(minutes=minutes, seconds=round(took))
        title = escape(self._env.titles[lab].astext())
        return f"{self._link(lab, title)} <span>{self._say(said)}</span>"

    def _proof(self) -> str:
        proven = [each.verdict for each in self._standings].count("holds")
        shown = f"{self._cells(proven)}<span>{self._say(self._counted(proven))}</span>"
        return self._link(f"book/proofs#chapter-{self._chapter.name}", shown, ' class="map-proof"')

    def _counted(self, proven: int) -> Text:
        number = len(self._chapter.claims)
        if self._told_in or proven:
            return _PROVEN.format(proven=proven, all=number)
        return _LATER.format(all=number) if number > 1 else _LATER_ONE

    def _cells(self, proven: int) -> str:
        """A row of cells that fills from the left, as every pool in this book is drawn."""
        number = len(self._chapter.claims)
        cells = "".join(f'<rect{" class=proven" if at < proven else ""} x="{at * _STEP + 0.5}" y="0.5" '
                        f'width="{_CELL - 1}" height="{_HEIGHT - 1}" rx="1.5"/>' for at in range(number))
        return f'<svg aria-hidden="true" width="{number * _STEP}" height="{_HEIGHT}">{cells}</svg>'
