"""Progress of a download that another program makes and does not tell: its files grow."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.fetch.report import Report

__all__ = ["watched"]

_EVERY = 0.1  # seconds


@contextmanager
def watched(folder: Path, pattern: str, size: int, report: Report) -> Iterator[None]:
    """Meanwhile tell ``report`` how much of ``size`` bytes has come, in the files of ``folder`` with such names.

    What lies there before, such as the half of a download that was ended, does not count.
    """
    over = threading.Event()
    report.total(size)
    before = _bytes(folder, pattern)
    watcher = threading.Thread(target=_look, args=(folder, pattern, before, report, over), name="watch a download", daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


def _look(folder: Path, pattern: str, told: int, report: Report, over: threading.Event) -> None:
    """Once more when it is over, so that all is told that came."""
    last = False
    while not last:
        last = over.wait(_EVERY)
        here = _bytes(folder, pattern)
        if here != told:  # when all has come, the rate says nothing more
            report.came(here - told)
        told = here


def _bytes(folder: Path, pattern: str) -> int:
    found = 0
    for file in folder.glob(pattern):
        try:
            found += file.stat().st_size
        except FileNotFoundError:  # renamed just now
            continue
    return found
