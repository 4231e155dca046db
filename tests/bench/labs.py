"""What a whole lab takes on each substrate: seconds, and the most memory of all that it starts, its kernel aside."""

from __future__ import annotations

import asyncio
import os
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, cast

import docker
import nbformat
import psutil
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError

from labkit.substrates.cgroup import usage_of_group
from labkit.substrates.usage import usage_of
from tests.bench.engines import NO_ENGINE, available, engine
from tests.bench.line import Line, Missing
from tests.runner import CELL_SECONDS, DOCKER_CELL_SECONDS, LABS
from tests.support.containers import OWNER

__all__ = ["lines"]

SECONDS = {"process": 90.0, "docker": 150.0}
MEBIBYTES = {"process": 400.0, "docker": 400.0}
LOOK_EVERY = 1.0  # seconds


def lines() -> Iterator[Line | Missing]:
    """Each lab runs once: what it takes is minutes, and hardly varies."""
    yield from _on("process", None)
    if not available():
        yield Missing("labs_docker", NO_ENGINE)
        return
    with engine() as client:
        yield from _on("docker", client)


def _on(substrate: str, client: docker.DockerClient | None) -> Iterator[Line | Missing]:
    for lab in LABS:
        name = f"{'_'.join(lab.stem.split('_')[:2])}_{substrate}"
        seconds, memory, trouble = _run(lab, substrate, client)
        if trouble:
            yield Missing(name, f"the lab did not come to its end: {trouble}", excused=False)
            continue
        yield Line(f"{name}_seconds", "seconds that the lab takes", seconds, SECONDS[substrate])
        yield Line(f"{name}_memory", "MiB at most that it takes, the kernel aside", memory / 2**20, MEBIBYTES[substrate])


def _run(lab: Path, substrate: str, client: docker.DockerClient | None) -> tuple[float, int, str]:
    """Seconds, bytes, and what went wrong, if anything did. Nothing of it is kept."""
    notebook = cast(Any, nbformat).read(lab, as_version=4)
    runner = NotebookClient(notebook, timeout=DOCKER_CELL_SECONDS if client else CELL_SECONDS, kernel_name="python3",
                            resources={"metadata": {"path": str(lab.parent)}}, extra_arguments=["--log-level=ERROR"])
    watch, began, trouble = _Watch(runner, client), time.monotonic(), ""
    with tempfile.TemporaryDirectory() as records, watch:
        environment = {**os.environ, "CI": "true", "LABKIT_SUBSTRATE": substrate, "LABKIT_LANGUAGE": "en",
                       "LABKIT_RECORDS": records}
        try:
            asyncio.run(runner.async_execute(env=environment))
        except CellExecutionError as failed:
            trouble = f"{failed.ename}: {failed.evalue}".strip().splitlines()[0]
    return time.monotonic() - began, watch.most, trouble


class _Watch:
    """Looks from outside, not through the lab's own account, at all below the kernel and all labelled as the kernel's."""

    def __init__(self, runner: NotebookClient, client: docker.DockerClient | None) -> None:
        self.most = 0
        self._runner, self._client = runner, client
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look_on, daemon=True)

    def __enter__(self) -> _Watch:
        self._thread.start()
        return self

    def __exit__(self, *error: object) -> None:
        self._over.set()
        self._thread.join()

    def _look_on(self) -> None:
        while not self._over.wait(LOOK_EVERY):
            self.most = max(self.most, self._now())

    def _now(self) -> int:
        kernel = getattr(getattr(self._runner.km, "provisioner", None), "pid", None)
        if kernel is None:
            return 0
        try:
            below = [process.pid for process in psutil.Process(kernel).children(recursive=True)]
        except psutil.NoSuchProcess:
            return 0
        groups = [usage_of_group(pid) for pid in self._containers(kernel)]
        return usage_of(below).memory + sum(group.memory for group in groups if group)

    def _containers(self, kernel: int) -> list[int]:
        if self._client is None:
            return []
        found = self._client.api.containers(filters={"label": f"{OWNER}={kernel}"})
        return [self._pid(one["Id"]) for one in found]

    def _pid(self, container: str) -> int:
        assert self._client is not None
        try:
            return int(self._client.api.inspect_container(container)["State"]["Pid"])
        except docker.errors.NotFound:
            return 0
