"""The whole site: one strict build a language, side by side, and the front page that leads to the reader's."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Sequence

from book.tools.beside import put_beside
from book.tools.editions import Edition
from book.tools.tree import Tree

__all__ = ["build_site"]


def build_site(tree: Tree, editions: Sequence[Edition]) -> bool:
    """Build ``editions`` into ``tree.site``; False when any page has a warning (each was printed)."""
    began = time.monotonic()
    builds = [_begin(tree, edition) for edition in editions]
    statuses = [build.wait() for build in builds]
    for edition in editions:
        _without_leftovers(tree, edition)
    tree.site.mkdir(parents=True, exist_ok=True)
    shutil.copyfile(tree.root / "book" / "front.html", tree.site / "index.html")
    put_beside(tree)
    names = " and ".join(edition.name for edition in editions)
    how = "built with warnings" if any(statuses) else "built"
    print(f"{names}: {how} in {time.monotonic() - began:.0f} s", flush=True)
    return not any(statuses)


def _begin(tree: Tree, edition: Edition) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "book.tools.sphinx_build", edition.code, "html"], cwd=tree.root)


def _without_leftovers(tree: Tree, edition: Edition) -> None:
    """Take away pages that are no longer in the table of contents: Sphinx leaves what it built once."""
    pages = set(tree.pages())
    for folder in ("book", "labs"):
        for file in (tree.site / edition.code / folder).rglob("*.html"):
            if str(file.relative_to(tree.site / edition.code).with_suffix("")) not in pages:
                file.unlink()
