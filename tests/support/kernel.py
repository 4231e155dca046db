"""A real Jupyter kernel, driven as a notebook drives it."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from pathlib import Path
from queue import Empty
from typing import Any

from jupyter_client.blocking import BlockingKernelClient
from jupyter_client.manager import KernelManager

from tests.support.owners import ROOT, environment

__all__ = ["CellError", "Kernel", "kernel"]

START_SECONDS = 60.0


class CellError(RuntimeError):
    """A cell has raised; ``name`` is the name of the exception."""

    def __init__(self, content: dict[str, Any]) -> None:
        super().__init__("\n".join(content["traceback"]))
        self.name: str = content["ename"]


class Kernel:
    """Runs cells and waits for their end; ``manager`` starts, interrupts, restarts and ends it."""

    def __init__(self, manager: KernelManager) -> None:
        self.manager = manager
        self.connect()

    def connect(self) -> None:
        """Make a client and wait until the kernel answers; again after each restart."""
        self.client: BlockingKernelClient = self.manager.client()
        self.client.start_channels()
        self.client.wait_for_ready(START_SECONDS)

    @property
    def pid(self) -> int:
        """The kernel's process."""
        return int(self.manager.provisioner.pid)  # type: ignore[union-attr]

    def begin(self, cell: str) -> str:
        """Run a cell without waiting for its end. An error in it drops no cell that comes after it."""
        return self.client.execute(cell, stop_on_error=False)

    def end(self, cell: str, seconds: float = START_SECONDS) -> None:
        """Wait for the end of a cell that has begun; :class:`CellError` when it raised."""
        until = time.monotonic() + seconds
        while True:
            reply = self.client.get_shell_msg(timeout=until - time.monotonic())
            if reply["parent_header"].get("msg_id") == cell:
                break
        if reply["content"]["status"] == "error":
            raise CellError(reply["content"])
        assert reply["content"]["status"] == "ok", reply["content"]  # "aborted" was never run

    def run(self, cell: str) -> None:
        """Run a cell."""
        self.end(self.begin(cell))

    def value(self, expression: str) -> str:
        """What an expression is in the kernel, as it prints."""
        self.drain()
        cell = self.begin(f"print({expression})")
        self.end(cell)
        while True:
            message = self.client.get_iopub_msg(timeout=START_SECONDS)
            if message["msg_type"] == "stream" and message["parent_header"].get("msg_id") == cell:
                return str(message["content"]["text"]).strip()

    def drain(self) -> None:
        """Forget what earlier cells have shown."""
        with contextlib.suppress(Empty):
            while True:
                self.client.get_iopub_msg(timeout=0.0)


@contextlib.contextmanager
def kernel(mark: str, folder: Path) -> Iterator[Kernel]:
    """A kernel that carries ``mark``; ended at the end, if it is still there."""
    manager = KernelManager(kernel_name="python3")
    manager.start_kernel(env=environment(mark, folder), cwd=str(ROOT / "labs"))
    one = Kernel(manager)
    try:
        yield one
    finally:
        one.client.stop_channels()
        manager.shutdown_kernel(now=True)
