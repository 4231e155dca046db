"""Start an owner (``tests/support/owner.py``), follow what it says, end it, and see what is left."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

import psutil

from tests.support.remains import MARK, Remains
from tests.support.users import User
from tests.support.waiting import wait_for

__all__ = ["ROOT", "Owner", "environment", "owner"]

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0


def environment(mark: str, folder: Path) -> dict[str, str]:
    """What a process needs to own a lab that can be found again: a mark, and a private place for its folder."""
    paths = [str(ROOT), str(ROOT / "labs"), *filter(None, [os.environ.get("PYTHONPATH")])]
    return {**os.environ, MARK: mark, "LABKIT_TMP": str(folder), "PYTHONPATH": os.pathsep.join(paths)}


class Owner:
    """A running owner, of ``user`` if it is another's; ``stages`` holds what it has said, ``remains`` what is to vanish with it."""

    def __init__(self, folder: Path, arguments: Sequence[str], user: User | None = None, **variables: str) -> None:
        self.remains = Remains(secrets.token_hex(8), folder)
        self.stages: dict[str, list[str]] = {}
        self.ended = threading.Event()
        self._output = ""
        command, own = [sys.executable, *arguments], {**environment(self.remains.mark, folder), **variables}
        self.process = subprocess.Popen(
            user.command(command) if user else command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, cwd=ROOT, env={**own, **user.environment} if user else own)
        self.remains.owner, self.remains.engine = self.process.pid, variables.get("DOCKER_HOST", "")
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self._output += line
            word, *rest = line.split() or [""]
            if word == "stage":
                self.stages[rest[0]] = rest[1:]
        self.ended.set()

    @property
    def output(self) -> str:
        """All that it has written so far."""
        return self._output

    def reach(self, stage: str, seconds: float = START_SECONDS) -> list[str]:
        """Wait until it says that it is there; what else it said with it."""
        wait_for(lambda: stage in self.stages or self.ended.is_set(), f"stage {stage}\n{self._output}", seconds)
        assert stage in self.stages, f"the owner ended before stage {stage!r}:\n{self._output}"
        return self.stages[stage]

    def finish(self, seconds: float = START_SECONDS) -> tuple[int, str]:
        """Wait for its end, and for the end of its output, which no process of its lab may hold open; both."""
        status = self.process.wait(seconds)
        assert self.ended.wait(2.0), "something of the lab holds the owner's standard output open"
        return status, self._output

    def supervisor(self) -> psutil.Process:
        """The one child that it starts; found from outside, not from the kit."""
        return wait_for(lambda: psutil.Process(self.process.pid).children(), "a supervisor")[0]

    def kill_with_supervisor(self) -> None:
        """End both with neither having a moment to notice that the other is gone."""
        pids = self.process.pid, self.supervisor().pid
        for number in (signal.SIGSTOP, signal.SIGKILL):
            for pid in pids:
                os.kill(pid, number)
        self.process.wait(10)

    def look(self) -> set[psutil.Process]:
        """Record all that runs for it now, down from the supervisor; all of it but the owner."""
        return {process for process in self.remains.look(self.process.pid) if process.pid != self.process.pid}


@contextlib.contextmanager
def owner(folder: Path, ending: str, **variables: str) -> Iterator[Owner]:
    """An owner that comes to this end; whatever it leaves is ended when the test is over, passed or not."""
    one = Owner(folder, ["-m", "tests.support.owner", ending], **variables)
    try:
        yield one
    finally:
        one.remains.end()
        one.process.wait(10)
