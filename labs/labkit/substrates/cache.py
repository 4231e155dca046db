"""Where this book keeps on this machine what it must not make twice, and how of two that need it one makes it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

__all__ = ["alone", "cache_folder"]


def cache_folder() -> Path:
    """``$XDG_CACHE_HOME/microservices-by-experiment``, by default in ``~/.cache``. It can be removed at any time."""
    base = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    return Path(base) / "microservices-by-experiment"


@contextmanager
def alone(what: str, waiting: Callable[[], None]) -> Iterator[None]:
    """Wait until nobody else on this machine makes ``what``; calls ``waiting`` first when there is somebody.

    The lock goes with its process, however that ends.
    """
    folder = cache_folder()
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / f".{what}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            waiting()
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
