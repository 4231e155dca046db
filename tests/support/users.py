"""Other users of this machine, made of numbers that nobody has: no account is added. That takes root.

They may read whatever root may, for the checkout and its Python may lie where nobody else looks; they may write, signal
and connect only as they would.
"""

from __future__ import annotations

import os
import pwd
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import count
from pathlib import Path
from urllib.parse import urlsplit

import psutil

__all__ = ["User", "available", "others"]

_FIRST = 61_000


@dataclass(frozen=True)
class User:
    """``home`` is this user's own; with ``engine`` the engine's socket is permitted, by its group."""

    uid: int
    home: Path
    engine: str = ""

    def command(self, command: Sequence[str]) -> list[str]:
        """The same command as this user."""
        groups = f"--groups={os.stat(urlsplit(self.engine).path).st_gid}" if self.engine else "--clear-groups"
        return ["setpriv", f"--reuid={self.uid}", f"--regid={self.uid}", groups, "--inh-caps=+dac_read_search",
                "--ambient-caps=+dac_read_search", *command]

    @property
    def environment(self) -> dict[str, str]:
        """What a login would have set."""
        name = f"user-{self.uid}"
        return {"HOME": str(self.home), "USER": name, "LOGNAME": name, "XDG_CACHE_HOME": str(self.home / "cache"),
                "PYTHONDONTWRITEBYTECODE": "1"}


def available() -> bool:
    """Whether a process can be given to another user here."""
    return os.geteuid() == 0 and shutil.which("setpriv") is not None


def others(number: int, folder: Path, engine: str = "") -> list[User]:
    """So many users, each with a home below ``folder``."""
    found = [User(uid, folder / f"home-{uid}", engine) for _, uid in zip(range(number), _unused(), strict=False)]
    for user in found:
        user.home.mkdir(mode=0o700)
        os.chown(user.home, user.uid, user.uid)
    return found


def _unused() -> Iterator[int]:
    known = {entry.pw_uid for entry in pwd.getpwall()}
    running = {uid for process in psutil.process_iter(["uids"]) for uid in process.info["uids"] or ()}
    return (uid for uid in count(_FIRST) if uid not in known | running)
