"""How long a killed owner's lab lives on, and how soon a second ``./run lab`` hands over to JupyterLab."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.line import Line, median_of
from tests.support.remains import MARK, Remains

__all__ = ["lines"]

ROOT = Path(__file__).resolve().parents[2]


def lines() -> Iterator[Line]:
    """Seconds: the promise itself is in seconds."""
    (left,) = median_of(3, lambda: (_killed(),))
    yield Line("kill_cleanup", "seconds after kill -9 of the owner until nothing of its lab is left", left, 2.0)
    _seconds(ROOT / "run", "lab", "--version")
    all_of_it, jupyter = median_of(3, lambda: (_seconds(ROOT / "run", "lab", "--version"),
                                               _seconds(sys.executable, "-m", "jupyterlab", "--version")))
    yield Line("second_start", "seconds that a second ./run lab takes before it hands over to JupyterLab",
               all_of_it - jupyter, 3.0)


def _killed() -> float:
    with tempfile.TemporaryDirectory() as folder:
        mark = f"bench-{os.getpid()}-{time.monotonic_ns()}"
        owner = subprocess.Popen([sys.executable, "-m", "tests.support.owner", "wait"], cwd=ROOT, stdout=subprocess.PIPE,
                                 text=True, env={**os.environ, MARK: mark, "LABKIT_TMP": folder})
        assert owner.stdout is not None
        while "waiting" not in owner.stdout.readline():
            if owner.poll() is not None:
                raise RuntimeError("the owner ended before its lab was up")
        remains = Remains(mark, Path(folder))
        remains.look(owner.pid)
        owner.send_signal(signal.SIGKILL)
        began = time.monotonic()
        owner.wait()
        owner.stdout.close()
        remains.assert_gone(10.0)
        return time.monotonic() - began


def _seconds(*command: str | Path) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began
