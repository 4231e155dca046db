"""A program that a substrate can run: as an image where there is an engine, as a local program where there is none.

Both take the same command and the same files. They are written for a :class:`Place`, for a container listens on its own
network and a local process on a loopback port.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.language import Text

__all__ = ["NotHere", "Place", "Program", "write_files"]


@dataclass(frozen=True)
class Place:
    """Where a program is to run: listen on ``host``:``port``, write below ``folder``; its files lie in ``config``.

    ``as_root`` says that it runs as root, which some programs want to be told.
    """

    host: str
    port: int
    folder: str
    config: str
    as_root: bool


def _no_files(place: Place) -> dict[str, str]:
    """A program that needs none."""
    return {}


@dataclass(frozen=True)
class Program:
    """``image`` is its pinned name in a registry, and there it listens on ``port``; ``executable`` is its local name.

    ``version`` is what prints its version (arguments of the executable), ``oldest`` the first that will do, ``debian``,
    ``brew`` and ``fedora`` (where it differs from brew's) the packages that bring it. ``command`` gives the arguments,
    executable first, and ``files`` the configuration, text by file name.
    """

    name: str
    image: str
    executable: str
    port: int
    version: Sequence[str]
    oldest: tuple[int, ...]
    debian: str
    brew: str
    command: Callable[[Place], Sequence[str]]
    files: Callable[[Place], Mapping[str, str]] = _no_files
    fedora: str = ""


def write_files(folder: Path, files: Mapping[str, str]) -> None:
    """Write the configuration where its program finds it; another user's, in a container, may read it too."""
    folder.mkdir(mode=0o755, parents=True)
    for name, text in files.items():
        (folder / name).write_text(text, "utf-8")


class NotHere(LookupError):
    """The program is not on this machine, or too old; the message says what gets it."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text
