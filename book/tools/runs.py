"""A lab and its run: when a run still fits its lab, and how the lab shows it in one language.

A run belongs to the lab's code, not to its prose: the text around the cells may be edited and nothing is run again.
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

from book.tools.tree import Tree
from labkit.language import LANGUAGES

__all__ = ["Notebook", "RunError", "code_digest", "fits", "kit_digest", "read_run", "shown"]

Notebook = dict[str, Any]


class RunError(ValueError):
    """A lab's run is there and cannot be shown; the message names the file, why, and what to do."""


_WIDGET = "application/vnd.jupyter.widget-view+json"


def code_digest(lab: Notebook) -> str:
    """Changes when a code cell, its id or its tags change."""
    cells = [(cell.get("id"), "".join(cell["source"]), cell.get("metadata", {}).get("tags", []))
             for cell in lab["cells"] if cell["cell_type"] == "code"]
    return hashlib.sha256(json.dumps(cells).encode()).hexdigest()


def kit_digest(tree: Tree) -> str:
    """Changes when anything changes that every lab imports."""
    digest = hashlib.sha256()
    for folder in (tree.root / "labs" / "labkit", tree.root / "mini_services"):
        for file in sorted(folder.rglob("*.py")):
            digest.update(f"{file.relative_to(tree.root)}\0".encode() + file.read_bytes() + b"\0")
    return digest.hexdigest()


def read_run(path: Path) -> Notebook | None:
    """The run of a lab as it was kept; None where there is none. `RunError` where the file is cut or something else."""
    try:
        run = json.loads(path.read_text("utf-8"))
        if not all(isinstance(cell["outputs"], list) for cell in run["cells"] if cell["cell_type"] == "code"):
            raise ValueError("a code cell has no list of outputs")
        run["metadata"].get("book", {})
        return dict(run)
    except FileNotFoundError:
        return None
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise RunError(f"{path} is no run of a lab: it is cut short or something else ({type(error).__name__}: {error}). "
                       "./run site runs the lab again.") from error


def fits(lab: Notebook, run: Notebook) -> bool:
    """Whether ``run`` is of the lab's code as it is now."""
    return bool(run["metadata"].get("book", {}).get("code") == code_digest(lab))


def shown(lab: Notebook, run: Notebook | None, language: str) -> Notebook:
    """The lab with the outputs of ``run`` in ``language``; without outputs where ``run`` is not of this code."""
    outputs = {cell["id"]: cell["outputs"] for cell in run["cells"] if "outputs" in cell} if run and fits(lab, run) else {}
    return {**lab, "cells": [_filled(cell, outputs, language) for cell in lab["cells"]]}


def _filled(cell: Notebook, outputs: dict[str, list[Notebook]], language: str) -> Notebook:
    if cell["cell_type"] != "code":
        return cell
    translated = [_in_language(output, language) for output in outputs.get(cell.get("id", ""), [])]
    return {**cell, "outputs": [output for output in translated if output]}


def _in_language(output: Notebook, language: str) -> Notebook | None:
    """One output in ``language``: what labkit shows carries a bundle for each language in its metadata.

    A widget needs a kernel, so only its still picture (if it brought one) is shown; else None.
    """
    if "data" not in output:
        return output
    bundles = output.get("metadata", {})
    data = bundles.get(language, output["data"])
    metadata = {key: value for key, value in bundles.items() if key not in LANGUAGES}
    still = {kind: content for kind, content in data.items() if kind != _WIDGET}
    if _WIDGET in data and set(still) <= {"text/plain"}:
        return None
    return {**output, "data": still, "metadata": metadata}
