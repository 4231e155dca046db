"""The wheels of a lock, fetched once by this machine, for containers that reach no package index."""

from __future__ import annotations

import platform
from collections.abc import Collection
from pathlib import Path

from environments.offline.lock import for_linux
from labkit.substrates import wheels

__all__ = ["wheels_of"]


def wheels_of(work: Path, lock: Path, python: str, names: Collection[str] = ()) -> Path:
    """The folder with the wheels of ``lock``, or of these ``names`` in it, for a Python ("3.11")."""
    lines = for_linux(lock, python, platform.machine())
    entries = [entry for entry in lines.replace(" \\\n", "\0").splitlines() if not names or entry.split("==")[0] in names]
    chosen = work / ("tools.txt" if names else "learner.txt")
    chosen.write_text("".join(f"{entry}\n" for entry in entries).replace("\0", " \\\n"), "utf-8")
    return wheels.fetch(chosen, python, platform.machine(), lambda fetched, of: None)
