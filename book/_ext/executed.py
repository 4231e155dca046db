"""A lab's page shows what its lab did when it was run for the site, in the page's language.

``book/build.py`` runs each lab once; this puts the outputs of that run into the notebook as Sphinx reads it, so both
editions show the same run and building pages runs nothing. Without a run the page shows the lab's text and code.
"""

from __future__ import annotations

import json
from pathlib import Path

from sphinx.application import Sphinx

from book._ext import fresh
from book.tools.editions import edition_of
from book.tools.runs import Notebook, RunError, read_run, shown
from book.tools.tree import Tree

__all__ = ["kept", "register"]

_AFTER_MYST_NB = 900


def register(app: Sphinx) -> None:
    """Fill in outputs before a notebook is parsed."""
    app.connect("source-read", _fill)
    app.connect("builder-inited", _pictures_outside_the_site, priority=_AFTER_MYST_NB)


def _pictures_outside_the_site(app: Sphinx) -> None:
    """myst-nb writes the pictures of outputs beside the built pages, and that is the folder that is published."""
    folder = str(Path(app.doctreedir) / "outputs")
    app.env.mystnb_config = app.env.mystnb_config.copy(output_folder=folder)  # type: ignore[attr-defined]  # myst-nb puts it there


def _fill(app: Sphinx, page: str, source: list[str]) -> None:
    tree = Tree(Path(app.srcdir))
    if not (tree.root / f"{page}.ipynb").is_file() or app.builder.name == "gettext":
        return
    path = tree.executed / f"{Path(page).name}.ipynb"
    fresh.note(app.env, path)
    source[0] = json.dumps(shown(json.loads(source[0]), kept(path), edition_of(app.config.language).code))


def kept(path: Path) -> Notebook | None:
    """The run at ``path``; None where there is none, or one that cannot be shown (``book/build.py`` says so)."""
    try:
        return read_run(path)
    except RunError:
        return None
