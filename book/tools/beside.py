"""What stands beside the two editions, at the site's root: the page for addresses that lead nowhere, and the icon."""

from __future__ import annotations

import os
import shutil
from urllib.parse import urlsplit

from book.tools.tree import Tree

__all__ = ["lost", "put_beside"]


def put_beside(tree: Tree) -> None:
    """Write ``404.html``, which hosts of static pages show for any missing one, and the icon that browsers ask for unasked."""
    page = (tree.root / "book" / "404.html").read_text("utf-8")
    (tree.site / "404.html").write_text(lost(page, os.environ.get("BOOK_URL", "")), "utf-8")
    shutil.copyfile(tree.root / "book" / "_static" / "favicon.ico", tree.site / "favicon.ico")


def lost(page: str, address: str) -> str:
    """The page with its links under the path of ``address``, where the site will stand; a script finds it out otherwise."""
    root = f"{urlsplit(address.strip()).path.strip('/')}/".lstrip("/")
    return page.replace('data-root="/"', f'data-root="/{root}"').replace('href="/', f'href="/{root}')
