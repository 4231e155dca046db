"""How long a killed owner's lab lives on, and how soon a second ``./run lab`` hands over to JupyterLab."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from tests.bench.engines import NO_ENGINE, available, engine
from tests.bench.line import Line, Missing, median_of
from tests.support.owners import owner

__all__ = ["lines"]

PATIENCE = 60.0  # seconds, for what must come about sooner or later
ROOT = Path(__file__).resolve().parents[2]


def lines() -> Iterator[Line | Missing]:
    """Seconds: the promise itself is in seconds."""
    (left,) = median_of(3, lambda: (_killed("process"),))
    yield Line("kill_cleanup", "seconds after kill -9 of the owner until nothing of its lab is left", left, 2.0)
    yield _on_docker()
    _seconds(ROOT / "run", "lab", "--version")
    all_of_it, jupyter = median_of(3, lambda: (_seconds(ROOT / "run", "lab", "--version"),
                                               _seconds(sys.executable, "-m", "jupyterlab", "--version")))
    yield Line("second_start", "seconds that a second ./run lab takes before it hands over to JupyterLab",
               all_of_it - jupyter, 3.0)


def _on_docker() -> Line | Missing:
    if not available():
        return Missing("kill_cleanup_docker", NO_ENGINE)
    with engine():
        (left,) = median_of(3, lambda: (_killed("docker"),))
    return Line("kill_cleanup_docker", "the same with containers, networks too", left, 2.0)


def _killed(substrate: str) -> float:
    address = os.environ.get("DOCKER_HOST", "") if substrate == "docker" else ""
    with tempfile.TemporaryDirectory() as folder, owner(Path(folder), "wait", LABKIT_SUBSTRATE=substrate,
                                                        DOCKER_HOST=address) as one:
        one.reach("waiting", PATIENCE)
        one.look()
        one.process.kill()
        began = time.monotonic()
        one.finish()
        one.remains.assert_gone(PATIENCE)
        return time.monotonic() - began


def _seconds(*command: str | Path) -> float:
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began
