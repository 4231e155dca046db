"""Where labs keep their folders, and what a lab does about others whose owner and supervisor are both gone.

Each lab has a folder of its own below one private folder a user; ``lab.json`` in it says who owns it and what runs.
"""

from __future__ import annotations

import contextlib
import errno
import json
import os
import shutil
import signal
import stat
import tempfile
import time
from collections.abc import Mapping
from typing import Any

from labkit.substrates import engine, proc

__all__ = ["base_folder", "end_containers", "is_dead", "is_own", "make", "read", "remove", "sweep", "write"]

_REGISTER = "lab.json"
_PARTS = ("owner", "supervisor", "processes")
_NOBODY = {"pid": 0, "start": None}
_TRIES = 50
_STILL_MAKING = 0.3  # seconds in which an engine lists what it was just making when its caller died
_YOUNG = 60.0  # seconds in which a lab that begins has written its register


def base_folder(environment: Mapping[str, str] | None = None) -> str:
    """The folder of this user's labs, e.g. ``/tmp/labkit-1000``; ``LABKIT_TMP`` moves it.

    With the ``environment`` of another process, where that one has it.
    """
    parent = (os.environ if environment is None else environment).get("LABKIT_TMP") or tempfile.gettempdir()
    return os.path.join(parent, f"labkit-{os.getuid()}")


def make(folder: str) -> None:
    """Make a lab's folder. ``OSError`` when it cannot be, or when the one above it is not this user's own.

    On a shared machine anybody may have made ``/tmp/labkit-1000`` before; a register in there could name any process.
    """
    base = os.path.dirname(folder)
    os.makedirs(base, mode=0o700, exist_ok=True)
    if not is_own(base):
        raise PermissionError(errno.EPERM, "it belongs to another user")
    os.mkdir(folder, mode=0o700)


def is_own(base: str) -> bool:
    """Whether the folder is there, no link, and this user's own."""
    try:
        found = os.lstat(base)
    except OSError:
        return False
    return stat.S_ISDIR(found.st_mode) and found.st_uid == os.getuid()


def write(folder: str, register: dict[str, Any]) -> None:
    """Write the register in one step, so that a reader never sees half of it."""
    part = os.path.join(folder, _REGISTER + ".part")
    with open(part, "w", encoding="utf-8") as file:
        json.dump(register, file)
    os.replace(part, os.path.join(folder, _REGISTER))


def read(folder: str) -> dict[str, Any] | None:
    """A lab's register, or ``None`` where there is none that can be read."""
    try:
        with open(os.path.join(folder, _REGISTER), encoding="utf-8") as file:
            register = json.load(file)
            return {part: register[part] for part in _PARTS} | {"engine": register.get("engine")}
    except (OSError, ValueError, LookupError, TypeError):
        return None


def sweep(base: str) -> list[str]:
    """End and remove what dead labs left below ``base``; the names of the folders removed."""
    dead = [name for name in sorted(os.listdir(base)) if is_dead(os.path.join(base, name))]
    return [name for name in dead if remove(os.path.join(base, name))]


def remove(folder: str) -> bool:
    """End what still runs for the lab of this folder, by register and by label, and take the folder away.

    False when its containers could not be ended, for no engine answers: then the folder stays, and says so to the next.
    """
    register = read(folder) or {"owner": _NOBODY, "supervisor": _NOBODY, "processes": [], "engine": None}
    for process in register["processes"]:
        proc.end(process["pid"], process["start"])
    for pid in proc.labelled(os.path.basename(folder)):
        with contextlib.suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    if not end_containers(register["engine"]):
        with contextlib.suppress(OSError):
            write(folder, {**register, "owner": _NOBODY, "supervisor": _NOBODY})  # the owner may live on, but is done with it
        return False
    for _ in range(_TRIES):  # until the last of them has stopped writing into it
        shutil.rmtree(folder, ignore_errors=True)
        if not os.path.exists(folder):
            return True
        time.sleep(0.01)
    return False


def end_containers(where: dict[str, str] | None, patience: float = 0.0) -> bool:
    """End all that a lab had an engine make, the last container that was being made too.

    False when no engine answers, nor one that is just starting again does within ``patience`` seconds.
    """
    until = time.monotonic() + patience
    while where is not None:
        try:
            engine.end_labelled(**where)
            time.sleep(_STILL_MAKING)
            for _ in range(_TRIES):  # a network in which somebody put a container of his own stays, and is no reason to hang
                if not engine.end_labelled(**where):
                    break
                time.sleep(0.05)
            break
        except OSError:
            if time.monotonic() >= until:
                return False
            time.sleep(0.5)
    return True


def is_dead(folder: str) -> bool:
    """Whether neither the owner nor the supervisor of the lab of this folder runs."""
    register = read(folder)
    if register is None:
        return _age(folder) > _YOUNG
    return not _lives(register["owner"]) and not _lives(register["supervisor"])


def _age(folder: str) -> float:
    try:
        return time.time() - os.stat(folder).st_mtime
    except OSError:
        return 0.0


def _lives(process: dict[str, Any]) -> bool:
    return proc.alive(process["pid"], process["start"])
