"""Each real system of the kit: the program of this machine, and the image on the engine."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import partial

from labkit.doctor.engine import Engine
from labkit.doctor.finding import Finding, Say, State, SystemFinding
from labkit.doctor.used import used_systems
from labkit.fetch.fetch import cost, fetch
from labkit.fetch.report import Report
from labkit.language import Text
from labkit.substrates.joined import refusal
from labkit.substrates.local_program import command_to_get, is_old, jar_set, local_version
from labkit.substrates.packages import get_command
from labkit.substrates.program import Program
from labkit.substrates.source import Package
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.programs import programs as programs_of
from labkit.systems.system import System

__all__ = ["systems"]

_ABSENT = Text("not here", "沒有")
_OLD = Text("{version}, too old: {oldest} or later", "{version}，太舊，需要 {oldest} 以上")
_NO_STACK = Text("{version}, and it needs a network stack of its own. {cause}", "{version}，並且需要自己的網路堆疊。{cause}")
_SILENT = "0.0"  # what local_version says of a program that tells none


def systems(engine: Engine, substrate: str, kinds: Mapping[str, type[System]] = SYSTEMS,
            used: Collection[str] | None = None) -> list[SystemFinding]:
    """All of the catalogue. What labs on ``substrate`` cannot do without is missing, the other is lacking.

    ``used`` are the systems that labs start, by default those of this checkout.
    """
    used = used_systems() if used is None else used
    programs = programs_of(kinds)
    with ThreadPoolExecutor() as side_by_side:  # some programs take a second to say their version
        local = dict(zip(programs, side_by_side.map(_local, programs, programs.values()), strict=True))
    states: dict[str, State] = {name: "missing" if substrate == "process" and name in used else "lacking" for name in kinds}
    return [SystemFinding(name, kind.purpose, local[name].as_bad_as(states[name]), engine.image(name, programs[name]))
            for name, kind in kinds.items()]


def _local(name: str, program: Program) -> Finding:
    """The program of this machine."""
    version, oldest = local_version(program), ".".join(map(str, program.oldest))
    key, title = f"{name}.process", Text(f"{name}, as a process", f"{name}（本機進程）")
    facts = {"version": None if version == _SILENT else version, "oldest": oldest, "program": program.executable}
    command = command_to_get(program)
    act = partial(_get, program) if command == get_command(name) else None
    if version is None:
        return Finding(key, title, "missing", _ABSENT, command, facts, act=act)
    if jar_set(program) is None and is_old(version, program):  # of jars, what must not be too old is the Java
        return Finding(key, title, "missing", _OLD.format(version=version, oldest=oldest), command, facts, act=act)
    cause = refusal() if program.stack else None
    if cause is not None:
        return Finding(key, title, "missing", _NO_STACK.format(version=version, cause=cause), facts=facts)
    return Finding(key, title, "here", Text(version, version), facts=facts)


def _get(program: Program, say: Say) -> None:
    """What ``labkit get`` does where no package manager is needed."""
    source = next(source for source in program.sources if not isinstance(source, Package))
    say(cost(source))
    fetch(source, Report(say))
