"""What the page of a lab says of its run, and the ways to run it oneself: Binder, and the notebook to download.

Under the title: on which day and machine the run was made that the page shows, and how long it took. A lab without a run
that fits its code says that too.
"""

from __future__ import annotations

import json
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.environment import BuildEnvironment

from book._ext.elements import element, tag
from book._ext.executed import kept
from book._ext.standing import said
from book.tools.editions import CHINESE, edition_of
from book.tools.repository import Repository, of_tree, repository
from book.tools.runs import Notebook, fits
from book.tools.tree import Tree
from labkit.language import Text
from labkit.measure.machine import named

__all__ = ["register"]

_REAL = Text("A real run: every output on this page was measured by this notebook’s code.",
             "真實的執行：這一頁的每個輸出，都是這份筆記本的程式碼量到的。")
_WHEN = Text("On {date}, in {seconds:.0f} s, on a machine with {machine}.", "{date}，用了 {seconds:.0f} 秒，機器是 {machine}。")
_NO_RUN = Text("This page shows no run: the lab has not been run since its code last changed.",
               "這一頁沒有執行結果：實驗的程式碼改過之後，還沒有再執行。")
_BINDER = Text("Open in Binder", "在 Binder 開啟")
_DOWNLOAD = Text("Download the notebook", "下載筆記本")
_YOURSELF = Text("Run it yourself", "自己執行")


def register(app: Sphinx) -> None:
    """Say where the repository is, and put the bar under each lab's title."""
    app.add_config_value("book_repository", "", "env", [str])
    app.connect("config-inited", _find_repository)
    app.connect("doctree-read", _place)


def _find_repository(app: Sphinx, config: Config) -> None:
    found = of_tree(Tree(Path(app.srcdir)))
    config.book_repository = f"{found.owner}/{found.name}@{found.branch}" if found else ""


def _place(app: Sphinx, doctree: nodes.document) -> None:
    tree, page = Tree(Path(app.srcdir)), app.env.docname
    lab = tree.root / f"{page}.ipynb"
    title = next(doctree.findall(nodes.title), None)
    if not lab.is_file() or title is None or app.builder.name == "gettext":
        return
    run = kept(tree.executed / lab.name)
    shown = run if run and fits(json.loads(lab.read_text("utf-8")), run) else None
    section = title.parent
    section.insert(section.index(title) + 1, tag("aside", *_run(app.env, shown), _ways(app.env, lab.name), class_="lab-run",
                                                 aria_label=said(app.env, _YOURSELF)))


def _run(env: BuildEnvironment, run: Notebook | None) -> list[nodes.Node]:
    if run is None:
        return [tag("p", said(env, _NO_RUN))]
    book = run["metadata"]["book"]
    if not {"date", "seconds", "machine"} <= set(book):
        return [tag("p", said(env, _REAL))]
    when = _WHEN.format(date=book["date"], seconds=book["seconds"], machine=named(book["machine"]))
    return [tag("p", tag("strong", said(env, _REAL)), " ", said(env, when))]


def _ways(env: BuildEnvironment, notebook: str) -> element:
    """The buttons: links, so that they work without a script."""
    ways = [tag("a", said(env, _DOWNLOAD), href=notebook, download=True, class_="lab-way")]
    where = repository(env.config.book_repository, {}, Path(env.srcdir))
    if where:
        ways.insert(0, tag("a", said(env, _BINDER), href=_binder(env, where, notebook), class_="lab-way", rel="noopener"))
    return tag("p", *[part for way in ways for part in (" ", way)][1:], class_="lab-ways")


def _binder(env: BuildEnvironment, where: Repository, notebook: str) -> str:
    folder = "labs/zh-Hant" if edition_of(env.config.language) == CHINESE else "labs"
    return where.binder(f"{folder}/{notebook}")
