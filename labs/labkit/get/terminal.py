"""Progress in a terminal, on standard error: bytes, rate and time left on one line; where nobody looks, a line now and then."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from typing import TextIO

from labkit.fetch.report import Report
from labkit.language import Text
from labkit.show.cells import screen_width

__all__ = ["Terminal"]

_OFTEN, _NOW_AND_THEN = 0.1, 15.0  # seconds between two lines: on a screen, and in a log
_BYTES = Text("{done} of {all} MB", "{done} / {all} MB")
_PACE = Text("{bytes}, {rate} MB/s, {left} left", "{bytes}，每秒 {rate} MB，剩餘 {left}")
_BEGIN = 1.0  # second before a rate says anything
_BUILT = Text("{done} of {all} packages compiled, {took}", "已編譯 {done} / {all} 個套件，{took}")
_MINUTES, _SECONDS = Text("{m} min {s:02d} s", "{m} 分 {s:02d} 秒"), Text("{s} s", "{s} 秒")


class Terminal(Report):
    """``name`` is whose progress it is; ``clock`` gives seconds."""

    def __init__(self, name: str, out: TextIO | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__()
        self._name, self._out, self._clock = name, out or sys.stderr, clock
        self._every = _OFTEN if self._out.isatty() else _NOW_AND_THEN
        self._lock = threading.Lock()
        self._total = self._had = self._came = self._wide = 0
        self._began = self._shown = clock()

    def say(self, text: Text) -> None:
        """The step takes the line."""
        with self._lock:
            self._clear()
            print(f"{self._name}: {text}", file=self._out, flush=True)

    def total(self, size: int) -> None:
        """So many more bytes make the whole."""
        with self._lock:
            self._total, self._had, self._came, self._began = size, 0, 0, self._clock()

    def had(self, size: int) -> None:
        """They count as there, and not for the rate."""
        with self._lock:
            self._had += size

    def came(self, size: int) -> None:
        """They count as there, and for the rate."""
        with self._lock:
            if not self._came:
                self._began = self._clock()  # looking the file up and connecting is no transfer
            self._came += size
            self._show(self._bytes)

    def built(self, done: int, of: int) -> None:
        """Parts, not bytes: nobody knows how many those will be."""
        with self._lock:
            self._show(lambda: _BUILT.format(done=done, all=of, took=_span(self._clock() - self._began)))

    def close(self) -> None:
        """Take the line away."""
        with self._lock:
            self._clear()

    def _bytes(self) -> Text:
        took, done = self._clock() - self._began, self._had + self._came
        said = _BYTES.format(done=f"{done / 1e6:.1f}", all=f"{self._total / 1e6:.1f}")
        if took < _BEGIN or self._came <= 0:
            return said
        rate = self._came / took
        return _PACE.format(bytes=said, rate=f"{rate / 1e6:.1f}", left=_span((self._total - done) / rate))

    def _show(self, words: Callable[[], Text]) -> None:
        now = self._clock()
        if now - self._shown < self._every:
            return
        self._shown = now
        line = f"{self._name}: {words()}"
        if self._every == _NOW_AND_THEN:
            print(line, file=self._out, flush=True)
            return
        self._out.write("\r" + line + " " * max(0, self._wide - screen_width(line)))
        self._out.flush()
        self._wide = screen_width(line)

    def _clear(self) -> None:
        if self._wide:
            self._out.write("\r" + " " * self._wide + "\r")
            self._out.flush()
            self._wide = 0


def _span(seconds: float) -> Text:
    whole = max(0, round(seconds))
    return _MINUTES.format(m=whole // 60, s=whole % 60) if whole >= 60 else _SECONDS.format(s=whole)
