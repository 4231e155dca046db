"""Run the labs for the site: each one once, and again only when its code, labkit or mini_services changed."""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from pathlib import Path
from textwrap import indent
from typing import Any, cast

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError

from book.tools.runs import code_digest, kit_digest
from book.tools.tree import Tree

__all__ = ["LabFailed", "needs_run", "run_labs"]

_CELL_SECONDS = 300  # far beyond any cell of a lab: only a cell that hangs meets it


class LabFailed(Exception):
    """A cell of a lab failed; the message names lab and cell and ends with the cell's own error."""


def run_labs(tree: Tree) -> list[str]:
    """Run every lab that needs it, one after the other (a lab measures: two at once would disturb each other)."""
    kit = kit_digest(tree)
    waiting = [lab for lab in tree.labs() if needs_run(tree, lab, kit)]
    for lab in waiting:
        _run(tree, lab, kit)
    return [lab.stem for lab in waiting]


def needs_run(tree: Tree, lab: Path, kit: str) -> bool:
    """Whether the run at hand, if any, is of other code than today's."""
    run = tree.executed / lab.name
    if not run.is_file():
        return True
    made_of = json.loads(run.read_text("utf-8"))["metadata"].get("book")
    return bool(made_of != {"code": code_digest(json.loads(lab.read_text("utf-8"))), "kit": kit})


def _run(tree: Tree, lab: Path, kit: str) -> None:
    notebook = cast(Any, nbformat).read(lab, as_version=4)  # nbformat has types for nothing but its exceptions
    code = code_digest(json.loads(lab.read_text("utf-8")))
    progress = _Progress(lab.stem, [cell for cell in notebook.cells if cell.cell_type == "code"])
    try:
        _execute(notebook, lab, progress, {**os.environ, **tree.environment(), "LABKIT_LANGUAGE": "en",
                                           "JPY_SESSION_NAME": str(lab)})  # as JupyterLab tells its kernels
    except (CellExecutionError, CellTimeoutError, DeadKernelError) as failed:
        kept = tree.executed / "failed" / lab.name
        _write(notebook, kept)
        raise LabFailed(f"{lab.name}, {progress.place}\n\n{_said(failed)}\n\nSee {kept}") from None
    notebook.metadata.pop("widgets", None)
    notebook.metadata["book"] = {"code": code, "kit": kit}
    _write(notebook, tree.executed / lab.name)


def _said(failed: Exception) -> str:
    """The cell's own error without its traceback, which the notebook that is kept has whole."""
    return f"{failed.ename}: {failed.evalue}".strip() if isinstance(failed, CellExecutionError) else str(failed)


def _execute(notebook: Any, lab: Path, progress: _Progress, environment: dict[str, str]) -> None:
    """Run the cells; what labkit shows carries both languages, its plain text is English."""
    client = NotebookClient(notebook, timeout=_CELL_SECONDS, kernel_name="python3",
                            resources={"metadata": {"path": str(lab.parent)}},
                            extra_arguments=["--log-level=ERROR"], on_cell_start=progress.started)
    asyncio.run(client.async_execute(env=environment))
    progress.ended()


class _Progress:
    """One line that is rewritten on a terminal; two lines a lab in a log."""

    def __init__(self, name: str, cells: list[Any]) -> None:
        self._name, self._cells, self._begun, self._since = name, cells, 0, time.monotonic()
        self._live = sys.stdout.isatty()
        self._say("running")

    @property
    def place(self) -> str:
        """The cell that is being run, with its code."""
        return f"code cell {self._begun} of {len(self._cells)}:\n\n{indent(self._cells[self._begun - 1].source, '    ')}"

    def started(self, cell: Any, cell_index: int) -> None:  # nbclient calls it with these names
        """A cell begins; text cells are passed through here too."""
        if cell.cell_type == "code":
            self._begun += 1
            if self._live:
                self._say(f"cell {self._begun} of {len(self._cells)}")

    def ended(self) -> None:
        """The last cell is done."""
        self._say(f"{len(self._cells)} cells in {time.monotonic() - self._since:.0f} s")
        if self._live:
            print(flush=True)

    def _say(self, what: str) -> None:
        line = f"{self._name}: {what}"
        print(f"\r{line:<70}" if self._live else line, end="" if self._live else "\n", flush=True)


def _write(notebook: Any, path: Path) -> None:
    """Write whole or not at all: a page build may read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_suffix(".part")
    unfinished.write_text(json.dumps(notebook, indent=1, ensure_ascii=False) + "\n", "utf-8")
    unfinished.replace(path)
