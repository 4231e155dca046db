"""Run one notebook in a kernel of its own, as JupyterLab would, past every cell that raises.

    python -m tests.support.notebook LAB.ipynb

It says on standard output which process the kernel is, and of each cell that raised which error and its last line.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, cast

import nbformat
from nbclient import NotebookClient

from tests.support.owner import say

CELL_SECONDS = 600  # ten labs at once on two cores: a cell that measures three times, at a tenth of the speed


def main(lab: Path) -> None:
    """Run it; nothing of it is kept."""
    notebook = cast(Any, nbformat).read(lab, as_version=4)
    client = NotebookClient(notebook, timeout=CELL_SECONDS, kernel_name="python3", allow_errors=True,
                            resources={"metadata": {"path": str(lab.parent)}}, extra_arguments=["--log-level=ERROR"])
    client.on_cell_start = lambda cell, cell_index: say("kernel", cast(Any, client.km).provisioner.pid)
    client.execute()
    for number, cell in enumerate(notebook.cells):
        for output in cell.get("outputs", []):
            if output.output_type == "error":
                print("raised", number, output.ename, *output.evalue.split(), flush=True)
    say("over")


if __name__ == "__main__":
    main(Path(sys.argv[1]).resolve())
