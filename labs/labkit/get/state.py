"""Which systems' programs are on this machine, and what it takes to bring the others."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Literal

from labkit.fetch.catalogue import SOURCES
from labkit.fetch.fetch import cost
from labkit.fetch.manager import command_for
from labkit.language import Text
from labkit.substrates.local_program import find, jar_set, local_version
from labkit.substrates.program import NotHere, Program
from labkit.substrates.source import Package
from labkit.systems.programs import programs

__all__ = ["Standing", "program_named", "standings"]

Where = Literal["machine", "cache", ""]


@dataclass(frozen=True)
class Standing:
    """A system's program: on the ``machine``, in the ``cache`` or nowhere (""), its version and path; else the ``cost``."""

    name: str
    where: Where
    version: str
    path: str
    cost: Text

    def to_json(self) -> dict[str, Any]:
        """``{"name", "where", "version", "path"}``; null for what is not known."""
        return {"name": self.name, "where": self.where or None, "version": self.version or None, "path": self.path or None}


def standings(names: Sequence[str]) -> list[Standing]:
    """Each of them, in order."""
    with ThreadPoolExecutor() as side_by_side:  # some programs take a second to say their version
        return list(side_by_side.map(_standing, names))


def program_named(name: str) -> Program:
    """Its program; of one that no system of the kit runs, no more than where it comes from."""
    known = programs().get(name)
    if known is not None:
        return known
    return Program(name, "", SOURCES[name][0].executable, 0,
                   version=("--version",), oldest=(0,),
                   command=lambda place: [], sources=SOURCES[name])


def _standing(name: str) -> Standing:
    program = program_named(name)
    try:
        path = find(program)
    except NotHere:
        return Standing(name, "", "", "", _cost(program))
    jars = jar_set(program)
    if jars is not None:
        path = str(jars.folder)
    cached = any(path.startswith(str(source.folder)) for source in program.sources)
    return Standing(name, "cache" if cached else "machine", local_version(program) or "", path, Text("", ""))


def _cost(program: Program) -> Text:
    """The package manager's command where it has the program, else what fetching it takes."""
    commands = [command_for(source) for source in program.sources if isinstance(source, Package)]
    fetched = [source for source in program.sources if not isinstance(source, Package)]
    if any(commands) or not fetched:
        command = next(filter(None, commands), "")
        return Text(command, command)
    return cost(fetched[0])
