"""The whole site: one strict build a language, side by side, and what stands beside the two.

Beside them are the front page, which leads to the reader's language, and what search engines ask for.
"""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Sequence

from book.tools import address
from book.tools.editions import Edition
from book.tools.publish import bring, publish
from book.tools.tree import Tree

__all__ = ["build_site"]


def build_site(tree: Tree, editions: Sequence[Edition]) -> bool:
    """Build ``editions`` into ``tree.site``; False when any page has a warning (each was printed), and no site is touched."""
    began = time.monotonic()
    builds = [_begin(tree, edition) for edition in editions]
    statuses = [build.wait() for build in builds]
    good = not any(statuses)
    if good:
        for edition in editions:
            _without_leftovers(tree, edition)
            publish(tree, edition)
        _beside(tree, editions)
    names = " and ".join(edition.name for edition in editions)
    how = "built" if good else "not built, because of the warnings above; the site stays as it was"
    print(f"{names}: {how} ({time.monotonic() - began:.0f} s)", flush=True)
    return good


def _begin(tree: Tree, edition: Edition) -> subprocess.Popen[bytes]:
    return subprocess.Popen([sys.executable, "-m", "book.tools.sphinx_build", edition.code, "html"], cwd=tree.root)


def _without_leftovers(tree: Tree, edition: Edition) -> None:
    """Take away pages that are no longer in the table of contents: Sphinx leaves what it built once."""
    pages, drafts = set(tree.pages()), tree.drafts / edition.code
    for folder in ("book", "labs"):
        for file in (drafts / folder).rglob("*.html"):
            if str(file.relative_to(drafts).with_suffix("")) not in pages:
                file.unlink()


def _beside(tree: Tree, editions: Sequence[Edition]) -> None:
    bring(tree.site / "index.html", address.front((tree.root / "book" / "front.html").read_text("utf-8")).encode())
    bring(tree.site / "robots.txt", address.robots().encode())
    if address.base():
        bring(tree.site / "sitemap.xml", address.sitemap(tree, editions).encode())
    else:
        (tree.site / "sitemap.xml").unlink(missing_ok=True)
