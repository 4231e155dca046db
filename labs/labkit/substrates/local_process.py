"""One process that the process substrate has started, as the lab sees it."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.language import Text
from labkit.substrates import proc
from labkit.substrates.substrate import Died, Usage
from labkit.substrates.usage import usage_of

if TYPE_CHECKING:
    from labkit.substrates.process import ProcessSubstrate

__all__ = ["ANSWER_SECONDS", "LocalProcess"]

ANSWER_SECONDS = 30.0  # the template may still be importing on a slow machine


class LocalProcess:
    """One started process. Its pid is known as soon as the supervisor has answered."""

    def __init__(self, substrate: ProcessSubstrate, name: str, log: str) -> None:
        self.name = name
        self.status: int | None = None
        self.start: str | None = None
        self.error: str | None = None
        self._substrate, self._log = substrate, log
        self._pid = 0
        self._answered, self._ended = threading.Event(), threading.Event()

    @property
    def pid(self) -> int:
        """Its process id; waits for the start. :class:`Died` when it could not be started."""
        if not self._answered.wait(ANSWER_SECONDS) or self.error is not None:
            cause = self.error or "no answer"
            raise Died(Text("{name} could not be started: {cause}. Close other programs, free some space or start fewer "
                            "instances, then run the cell again.",
                            "{name} 無法啟動：{cause}。請關閉其他程式、釋出空間或減少實例，再執行一次這個儲存格。"
                            ).format(name=self.name, cause=cause), self._substrate.template_log())
        return self._pid

    @property
    def running(self) -> bool:
        """Whether it has not ended; a paused one is running."""
        return not self._ended.is_set()

    def signal(self, number: int) -> None:
        """Send a signal to it and whatever it started; nothing happens when it has ended."""
        if self.running:
            self._substrate.request("signal", pid=self.pid, signal=number)

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it ended in time."""
        return self._ended.wait(seconds)

    def log(self) -> str:
        """All it has written so far."""
        try:
            return Path(self._log).read_text(encoding="utf-8", errors="replace")
        except FileNotFoundError:
            return ""

    def usage(self) -> Usage:
        """What it and its children use now; nothing when it has ended."""
        return usage_of([self.pid, *proc.descendants(self.pid)]) if self.running else Usage(0.0, 0, 0)

    def answered(self, pid: int, start: str | None, error: str | None) -> None:
        """The supervisor's answer to the launch."""
        self._pid, self.start, self.error = pid, start, error
        if error is not None:
            self._ended.set()
        self._answered.set()

    def ended(self, status: int | None) -> None:
        """It has ended with ``status`` (negative: by that signal)."""
        self.status = status
        self._ended.set()
        self._answered.set()
