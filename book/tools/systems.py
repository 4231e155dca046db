"""Measure every real system on each substrate, for the table of the page "How the labs run".

    python -m book.tools.systems [NAME...]

Starts each (or those named) three times as a lab would, and keeps its version, the median of the seconds until it
answered in its own protocol, and its memory then, in ``book/systems.json``, with the day and the machine. A system that is
not on this machine, or a substrate without an engine, keeps what was measured before; the last line says so.
"""

from __future__ import annotations

import contextlib
import io
import json
import statistics
import sys
import time
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from book.tools.tree import HERE
from labkit import Lab
from labkit.measure.machine import machine
from labkit.systems.catalogue import SYSTEMS

__all__ = ["MEASURED", "SUBSTRATES", "main", "measured"]

MEASURED = HERE.root / "book" / "systems.json"
SUBSTRATES = ("process", "docker")
_TIMES = 3
_CALLED = {"redis-sentinel": "redis"}  # what is nothing without another system; the rest stand before a service


def measured() -> dict[str, dict[str, Any]]:
    """What the file holds: by system, by substrate, ``version``, ``seconds``, ``memory`` (bytes), ``date`` and ``machine``."""
    found: dict[str, dict[str, Any]] = json.loads(MEASURED.read_text("utf-8")) if MEASURED.exists() else {}
    return found


def main(names: Sequence[str]) -> int:
    """Measure, write, and return the number of systems that could not be started somewhere."""
    if unknown := set(names) - set(SYSTEMS):
        print(f"There is no system {', '.join(sorted(unknown))}; there are {', '.join(SYSTEMS)}.", file=sys.stderr)
        return 1
    found, troubles = measured(), []
    for substrate in SUBSTRATES:
        with _lab(substrate) as lab:
            for name in names or SYSTEMS:
                try:
                    found.setdefault(name, {})[substrate] = _measure(lab, name)
                except (LookupError, RuntimeError, OSError) as trouble:
                    troubles.append(f"{name}, {substrate}: {str(trouble).splitlines()[-1]}")
                    continue
                _tell(name, substrate, found[name][substrate])
    text = json.dumps({name: found[name] for name in SYSTEMS if name in found}, indent=1, ensure_ascii=False, sort_keys=False)
    MEASURED.write_text(text + "\n", "utf-8")
    print(*troubles, sep="\n")
    print(f"{len(found)} of {len(SYSTEMS)} systems are in {MEASURED.name}, {len(troubles)} could not be measured now.")
    return len(troubles)


def _lab(substrate: str) -> Lab:
    with contextlib.redirect_stdout(io.StringIO()):
        return Lab(substrate=substrate)


def _measure(lab: Lab, name: str) -> dict[str, Any]:
    with contextlib.redirect_stdout(io.StringIO()):
        called = lab.system(_CALLED[name]) if name in _CALLED else lab.service("stock")
        seconds = []
        for _ in range(_TIMES):
            began = time.monotonic()
            system = lab.system(name, calls=called)
            seconds.append(time.monotonic() - began)
    memory = sum(instance.memory() for instance in system.instances)
    version = system.title.removeprefix(name).strip()
    system.scale(0)
    return {"version": version, "seconds": round(statistics.median(seconds), 2), "memory": memory,
            "date": datetime.now(UTC).date().isoformat(), "machine": machine()}


def _tell(name: str, substrate: str, got: dict[str, Any]) -> None:
    print(f"{name:16} {substrate:8} {got['version']:12} {got['seconds']:6.2f} s {got['memory'] / 2**20:6.0f} MiB", flush=True)


if __name__ == "__main__":
    sys.exit(1 if main(sys.argv[1:]) else 0)
