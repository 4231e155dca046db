"""Write the Chinese notebooks, labs/zh-Hant/*.ipynb, from the labs and their catalogues.

    python book/tools/translate_labs.py

Code, cell ids and metadata stay as they are, byte for byte; text is put in Chinese and links are made to fit the new
folder. A paragraph without a translation stays English and is listed, as is a translation that found no place; then the
status is 1. A notebook that a reader works in is theirs: it is replaced only when the lab has changed, and then what they
wrote is kept as NAME.mine-1.ipynb.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import os
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

if not __package__:  # run as a file: find this copy's own `book`
    sys.path[0] = str(Path(__file__).resolve().parents[2])

import polib

from book.tools.blocks import pieces
from book.tools.markup import wordless
from book.tools.tree import HERE, Tree

__all__ = ["main", "translated", "translations"]

_LINK = re.compile(r"(\]\()(?![a-z]+:|#|/)([^)#\s]+)")
_IMAGE = re.compile(r"!\[([^\]]+)\]")


def main(tree: Tree = HERE) -> int:
    """Write every lab's Chinese notebook that changed."""
    complaints: list[str] = []
    for lab in tree.labs():
        catalogue = translations(tree.catalogues / "labs" / f"{lab.stem}.po")
        notebook, wrong = translated(json.loads(lab.read_text("utf-8")), catalogue, lab.parent)
        complaints += [f"labs/{lab.name}: {line}" for line in wrong]
        _write(notebook, lab.parent / "zh-Hant" / lab.name)
    print("\n".join(complaints), end="\n" * bool(complaints))
    return 1 if complaints else 0


def translated(notebook: dict[str, Any], catalogue: dict[str, str], folder: Path) -> tuple[dict[str, Any], list[str]]:
    """The notebook with its text in Chinese, and what could not be done."""
    unused, wrong = set(catalogue), list[str]()

    def chinese(kind: str, text: str, cell: int) -> str:
        message = " ".join(text.split())
        if kind != "keep" and message in catalogue:
            unused.difference_update([message, *_IMAGE.findall(message)])
            return catalogue[message]
        if kind == "text" and not wordless(message):
            wrong.append(f"cell {cell}: no translation of: {message[:100]}")
        return text

    cells = [_cell(cell, index, chinese, folder) for index, cell in enumerate(notebook["cells"], start=1)]
    wrong += [f"a translation found no place: {message[:100]}" for message in sorted(unused) if not wordless(message)]
    return {**notebook, "cells": cells}, wrong


def _cell(cell: dict[str, Any], index: int, chinese: Callable[[str, str, int], str], folder: Path) -> dict[str, Any]:
    if cell["cell_type"] != "markdown":
        return cell
    text = "".join(chinese(kind, piece, index) for kind, piece in pieces("".join(cell["source"])))
    moved = _LINK.sub(lambda link: link[1] + _from_new_folder(link[2], folder), text)
    return {**cell, "source": moved.splitlines(keepends=True)}


def _from_new_folder(target: str, folder: Path) -> str:
    """A link of labs/ as it is written in labs/zh-Hant; another lab has its own Chinese notebook beside it."""
    lab = (folder / target).resolve()
    if lab.parent == folder.resolve() and lab.suffix == ".ipynb":
        return target
    return os.path.relpath(lab, folder.resolve() / "zh-Hant").replace(os.sep, "/")


def translations(catalogue: Path) -> dict[str, str]:
    """Message -> its Chinese, for those that have one."""
    if not catalogue.is_file():
        return {}
    return {" ".join(entry.msgid.split()): entry.msgstr for entry in polib.pofile(str(catalogue))
            if entry.msgstr and not entry.fuzzy and not entry.obsolete}


def _write(notebook: dict[str, Any], path: Path) -> None:
    """Write a notebook that is new or has changed. What a reader did in the old one is kept, beside it, as their own."""
    made = _digest(notebook)
    if path.is_file():
        old = json.loads(path.read_text("utf-8"))
        old_made = old["metadata"].get("book", {}).get("made")
        if old_made == made:
            return
        if old_made != _digest(old):
            path.rename(_unused(path))
    path.parent.mkdir(parents=True, exist_ok=True)
    notebook = {**notebook, "metadata": {**notebook["metadata"], "book": {"made": made}}}
    path.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")


def _digest(notebook: dict[str, Any]) -> str:
    """Changes with the text and code of the cells, and not with outputs."""
    return hashlib.sha256(json.dumps(["".join(cell["source"]) for cell in notebook["cells"]]).encode()).hexdigest()


def _unused(path: Path) -> Path:
    names = (path.with_name(f"{path.stem}.mine-{number}.ipynb") for number in itertools.count(1))
    return next(name for name in names if not name.exists())


if __name__ == "__main__":
    sys.exit(main())
