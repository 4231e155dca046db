"""Labs by what they have on a Docker engine: containers and networks with their label."""

from __future__ import annotations

import time
from collections.abc import Sequence

from labkit.substrates import owner
from labkit.substrates.engine_labs import Made
from labkit.tidy.found import FoundLab, State

__all__ = ["by_lab", "lab_on_engine"]

_YOUNG = 60.0  # seconds in which a lab that begins has its first container running


def by_lab(made: Sequence[Made]) -> dict[str, list[Made]]:
    """This user's alone: another's labs are left alone, dead or alive."""
    found: dict[str, list[Made]] = {}
    for one in made:
        if owner.is_mine(one.labels):
            found.setdefault(one.lab, []).append(one)
    return found


def lab_on_engine(name: str, made: list[Made], address: str) -> FoundLab:
    """A lab of which this machine knows nothing but what the engine has."""
    pid = made[0].labels.get(owner.OWNER, "")
    return FoundLab(name, _state(made), owner=int(pid) if pid.isdigit() else None, began=min(one.began for one in made),
                    made=made, engines=[address])


def _state(made: list[Made]) -> State:
    """By the owner that the labels name. Where it cannot be seen from here, a lab lives as long as something of it runs."""
    lives = owner.lives(made[0].labels)
    if lives is None:
        runs = any(one.state in ("running", "paused", "restarting") for one in made)
        young = max(one.began for one in made) > time.time() - _YOUNG
        return "elsewhere" if runs or young else "left"
    return "alive" if lives else "left"
