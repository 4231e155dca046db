"""Look at everything, each thing once."""

from __future__ import annotations

import os

from labkit.doctor.browser import browser
from labkit.doctor.engine import Engine, looked_for
from labkit.doctor.finding import Examination, Finding
from labkit.doctor.machine import cores, disk, memory, ports
from labkit.doctor.python import packages, python
from labkit.doctor.systems import systems

__all__ = ["examine"]


def examine() -> Examination:
    """What labs need and this machine has. Nothing is changed, but that labs' private folder is made where it was not."""
    with looked_for() as engine:
        substrate = _substrate(engine)
        return Examination(substrate, [python(), packages(), *_of_engine(engine, substrate), memory(), cores(), disk(), ports(),
                                       browser()], systems(engine, substrate))


def _substrate(engine: Engine) -> str:
    """Where labs run that do not say so themselves, as :mod:`labkit.substrates.choose` has it."""
    return os.environ.get("LABKIT_SUBSTRATE") or ("docker" if engine.client else "process")


def _of_engine(engine: Engine, substrate: str) -> list[Finding]:
    """Labs run without one, unless they were told to use it."""
    return [finding.as_bad_as("missing") if finding.key == "engine" and substrate == "docker" else finding
            for finding in engine.findings]
