"""The program of each system with its defaults, as the doctor and ``labkit get`` look for it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from labkit.fetch.catalogue import SOURCES
from labkit.substrates.program import Program
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.system import System

__all__ = ["program_of", "programs"]

_A_CALLEE = {"service": "http://127.0.0.1:8000"}  # some systems are in front of others, and there must be one


def programs(kinds: Mapping[str, type[System]] = SYSTEMS) -> dict[str, Program]:
    """By the system's name; where each comes from is in :mod:`labkit.fetch.catalogue`."""
    return {name: program_of(kind(), _A_CALLEE) for name, kind in kinds.items()}


def program_of(system: System, callees: Mapping[str, str]) -> Program:
    """Its program with these callees, and where that comes from."""
    program = system.program(callees)
    return replace(program, sources=program.sources or SOURCES.get(system.name, ()))
