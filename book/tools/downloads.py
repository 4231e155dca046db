"""The notebooks that the site ships: each lab without outputs, in the page's language, beside its page.

``labs/NAME.html`` has ``labs/NAME.ipynb`` next to it, so the address of the one tells the address of the other.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from book.tools.editions import CHINESE, Edition
from book.tools.translate_labs import translated, translations
from book.tools.tree import Tree

__all__ = ["write_notebooks"]


def write_notebooks(tree: Tree, edition: Edition) -> list[Path]:
    """Write the edition's notebooks beside its pages and take away those whose lab is gone; the files written."""
    folder = tree.drafts / edition.code / "labs"
    folder.mkdir(parents=True, exist_ok=True)
    written = [_write(tree, lab, edition, folder) for lab in tree.labs()]
    for old in set(folder.glob("*.ipynb")) - set(written):
        old.unlink()
    return written


def _write(tree: Tree, lab: Path, edition: Edition, folder: Path) -> Path:
    notebook = _bare(json.loads(lab.read_text("utf-8")))
    if edition == CHINESE:
        notebook, _ = translated(notebook, translations(tree.catalogues / "labs" / f"{lab.stem}.po"), lab.parent)
    path = folder / lab.name
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    return path


def _bare(notebook: dict[str, Any]) -> dict[str, Any]:
    cells = [{**cell, "outputs": [], "execution_count": None} if cell["cell_type"] == "code" else cell
             for cell in notebook["cells"]]
    return {**notebook, "cells": cells}
