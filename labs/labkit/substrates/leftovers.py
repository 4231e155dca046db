"""Where labs keep their folders, and what a lab does about others whose owner and supervisor are both gone.

Each lab has a folder of its own below one private folder a user; ``lab.json`` in it says who owns it and what runs.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from typing import Any

from labkit.substrates import proc

__all__ = ["base_folder", "read", "sweep", "write"]

_REGISTER = "lab.json"


def base_folder() -> str:
    """The folder of this user's labs, e.g. ``/tmp/labkit-1000``; ``LABKIT_TMP`` moves it."""
    parent = os.environ.get("LABKIT_TMP") or tempfile.gettempdir()
    return os.path.join(parent, f"labkit-{os.getuid()}")


def write(folder: str, register: dict[str, Any]) -> None:
    """Write the register in one step, so that a reader never sees half of it."""
    part = os.path.join(folder, _REGISTER + ".part")
    with open(part, "w", encoding="utf-8") as file:
        json.dump(register, file)
    os.replace(part, os.path.join(folder, _REGISTER))


def read(folder: str) -> dict[str, Any] | None:
    """A lab's register, or ``None`` where there is none to read."""
    try:
        with open(os.path.join(folder, _REGISTER), encoding="utf-8") as file:
            register: dict[str, Any] = json.load(file)
    except (OSError, ValueError):
        return None
    return register


def sweep(base: str) -> list[str]:
    """End and remove what dead labs left; the names of the folders removed. A folder without a register is young."""
    swept = []
    for name in sorted(os.listdir(base)):
        folder = os.path.join(base, name)
        register = read(folder)
        if register is None or _lives(register["owner"]) or _lives(register["supervisor"]):
            continue
        for process in register["processes"]:
            proc.end(process["pid"], process["start"])
        shutil.rmtree(folder, ignore_errors=True)
        swept.append(name)
    return swept


def _lives(process: dict[str, Any]) -> bool:
    return proc.alive(process["pid"], process["start"])
