"""One strict Sphinx build of the book in one language, in a process of its own.

    python -m book.tools.sphinx_build en html
    python -m book.tools.sphinx_build en gettext

It is ``jupyter-book build . -W -n --keep-going`` with the edition's settings on top and its output where the tools want
it; the command line of Jupyter Book can do neither. Pages that did not change are not built again.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

from jupyter_book.sphinx import build_sphinx

from book.tools.address import base
from book.tools.editions import EDITIONS, Edition
from book.tools.tree import HERE, Tree

__all__ = ["build", "output"]


def output(tree: Tree, edition: Edition, builder: str) -> Path:
    """Where this builder's result goes."""
    return tree.templates if builder == "gettext" else tree.drafts / edition.code


def build(tree: Tree, edition: Edition, builder: str = "html") -> int:
    """Build ``edition``; any warning (a missing reference, a broken message) makes the status 1, once all are shown."""
    os.environ.update(tree.environment())
    status = build_sphinx(
        tree.root,
        output(tree, edition, builder),
        path_config=tree.config,
        noconfig=True,
        confoverrides={
            **edition.settings(),
            "html_baseurl": f"{base()}/{edition.code}/" if base() else "",
            "external_toc_path": str(tree.toc),
            "latex_individualpages": False,
            "nitpicky": True,
        },
        doctreedir=tree.build / "doctrees" / f"{edition.code}-{builder}",
        builder=builder,
        warningiserror=True,
        keep_going=True,
        quiet=True,
    )
    return status if isinstance(status, int) else 1


if __name__ == "__main__":
    code, builder_name = sys.argv[1:3]
    sys.exit(build(HERE, next(one for one in EDITIONS if one.code == code), builder_name))
