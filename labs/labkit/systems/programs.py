"""The program of each system with its defaults, as the doctor and ``labkit get`` look for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labkit.fetch.catalogue import SOURCES
from labkit.substrates.program import Program
from labkit.substrates.source import Package
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.system import System

__all__ = ["program_of", "programs"]

_A_CALLEE = {"service": "http://127.0.0.1:8000"}  # some systems are in front of others, and there must be one


def programs(kinds: Mapping[str, type[System]] = SYSTEMS) -> dict[str, Program]:
    """By the system's name."""
    return {name: program_of(kind(), _A_CALLEE) for name, kind in kinds.items()}


def program_of(system: System, callees: Mapping[str, str]) -> Program:
    """Its program with these callees, and all the ways to it: the system's own package, then what the catalogue names."""
    program = system.program(callees)
    package = Package(system.name, program.executable, "", program.debian, program.brew, program.fedora or program.brew,
                      program.places, program.also_called)
    packages = [package] if program.debian or program.brew or program.fedora else []
    return replace(program, sources=[*packages, *(program.sources or SOURCES.get(system.name, ()))])
