"""A program that a substrate can run: as an image where there is an engine, as a local program where there is none.

Both take the same command and the same files. They are written for a :class:`Place`, for a container listens on its own
network and a local process on a loopback port.
"""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field
from pathlib import Path

from labkit.language import Text
from labkit.substrates.source import Source

__all__ = ["Member", "NotHere", "Place", "Program", "Shared", "Stack", "script", "write_files"]

_DONE = ".set-up"  # in a program's folder: its ``first`` commands have run


@dataclass(frozen=True)
class Shared:
    """An address that all instances of a system have together: ``host`` on their own network.

    It is reached from this machine at ``outside``, and by the lab's other services at ``inside``, each a "host:port".
    """

    host: str
    outside: str
    inside: str


@dataclass(frozen=True)
class Member:
    """Where one instance of a system is, fixed before any of them runs, so that each can be told of the others.

    ``host`` and ``port`` are what the lab's own network calls it by, ``ports`` its further ports by name. ``outside`` is
    its "host:port" on this machine, where that is known so early (``Program.advertises``): then both are the same port.
    ``shared`` is the address that it has together with the others, if its program has a ``stack`` for that.
    """

    name: str
    host: str
    port: int
    ports: Mapping[str, int]
    outside: str = ""
    shared: Shared | None = None

    @property
    def address(self) -> str:
        """As "host:port"."""
        return f"{self.host}:{self.port}"

    def at(self, port: str) -> str:
        """One of its further ports as "host:port"."""
        return f"{self.host}:{self.ports[port]}"


@dataclass(frozen=True)
class Place:
    """Where a program is to run: listen on ``host`` at the ports of ``me``, write below ``folder``; its files lie in ``config``.

    ``members`` are all instances of the system, ``me`` among them. ``home`` is where the jars of a Java program lie.
    ``as_root`` says that it runs as root, which some programs want to be told. ``way_out`` is the host at which it finds
    the ports of this machine's loopback, where it runs in a network stack that has a loopback of its own.
    """

    host: str
    folder: str
    config: str
    as_root: bool
    me: Member
    members: Sequence[Member]
    home: str = ""
    way_out: str = ""

    @property
    def port(self) -> int:
        """Where it serves its clients."""
        return self.me.port

    @property
    def number(self) -> int:
        """Which of the members it is: 1 for the first."""
        return self.members.index(self.me) + 1


def _nothing(place: Place) -> dict[str, str]:
    """A program that needs none."""
    return {}


def _no_commands(place: Place) -> Sequence[Sequence[str]]:
    """A program that needs no setting up."""
    return ()


@dataclass(frozen=True)
class Stack:
    """What is particular about a program that runs in a network stack of its own and moves addresses in there.

    ``shared`` names the further port that is served at the address which its instances have together; ``calls`` are the
    addresses that it calls ("host:port"), ``capabilities`` what its container may do for all that, as root in there.
    """

    shared: str
    calls: Sequence[str]
    capabilities: Sequence[str]


@dataclass(frozen=True)
class Program:
    """``image`` is its pinned name in a registry, and there it listens on ``port``; ``executable`` is its local name.

    ``version`` is what prints its version (arguments of the executable), ``oldest`` the first that will do, ``debian``,
    ``brew`` and ``fedora`` (where it differs from brew's) the packages that bring it. ``command`` gives the arguments,
    executable first, and ``files`` the configuration, text by file name.

    ``ports`` are further ports by name, as in the image. ``first`` are commands that set its folder up, once, before it
    starts; ``environment`` are variables for them and it. One that ``keeps`` finds its folder again after a kill.
    ``advertises`` says that it tells clients where it is: its port is the same number on the lab's network and on this
    machine, fixed early. One that tells the lab's network otherwise than this machine serves the former at its further
    port ``inner``. ``unprivileged``: it refuses to run as root. ``places`` are patterns of folders where Debian hides it.
    ``also_called`` are names of the executable on other systems; no ``version``: its folder says which it is.
    ``needs`` are other programs that its command starts, which its packages bring too; ``stack`` is for one that must have a
    network stack of its own. ``sources`` are the ways by which ``labkit get`` fetches it. What runs on Java lies in the folder
    ``home`` of the image; of one that ``brings_home`` the image has the Java alone, and what was fetched is mounted there.
    """

    name: str
    image: str
    executable: str
    port: int
    _: KW_ONLY
    version: Sequence[str] = ()
    oldest: tuple[int, ...]
    debian: str = ""
    brew: str = ""
    fedora: str = ""
    command: Callable[[Place], Sequence[str]]
    files: Callable[[Place], Mapping[str, str]] = _nothing
    ports: Mapping[str, int] = field(default_factory=dict)
    first: Callable[[Place], Sequence[Sequence[str]]] = _no_commands
    environment: Callable[[Place], Mapping[str, str]] = _nothing
    keeps: bool = False
    advertises: bool = False
    inner: str = ""
    unprivileged: bool = False
    places: Sequence[str] = ()
    also_called: Sequence[str] = ()
    sources: Sequence[Source] = ()
    home: str = ""
    brings_home: bool = False
    needs: Sequence[str] = ()
    stack: Stack | None = None


def script(program: Program, place: Place) -> Sequence[str]:
    """The program's command, with what sets its folder up before it, if anything does: one process in the end."""
    command, first = program.command(place), program.first(place)
    if not first:
        return command
    done = shlex.quote(f"{place.folder}/{_DONE}")
    steps = " && ".join(shlex.join(step) for step in [*first, ["touch", f"{place.folder}/{_DONE}"]])
    return ["sh", "-c", f'[ -e {done} ] || {{ {steps}; }} && exec "$@"', "sh", *command]


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
