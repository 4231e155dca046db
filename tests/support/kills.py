"""End an owner with ``kill -9`` at a moment drawn by lot, and see that nothing is left; the soak does it often."""

from __future__ import annotations

import random
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from tests.support.owners import owner

__all__ = ["DOCKER_AFTER", "Moment", "kill_at", "moments"]

STAGES = ("", "begin", "opened", "launching", "serving", "paused", "loading", "closing", "closed")
AFTER = 0.5  # seconds: longer than any stage takes, so that the moments of neighbouring stages overlap
DOCKER_AFTER = 2.0  # containers take longer than processes


@dataclass(frozen=True)
class Moment:
    """So many seconds after the owner has said that it reached ``stage`` ("" is the start of its interpreter)."""

    stage: str
    seconds: float

    def __str__(self) -> str:
        return f"{self.seconds:.3f} s after {self.stage or 'the very start'!r}"


def moments(number: int, seed: int, after: float = AFTER) -> Iterator[Moment]:
    """Each stage in turn, at moments drawn from ``seed``: from before the first import to after the close."""
    draw = random.Random(seed)
    for index in range(number):
        yield Moment(STAGES[index % len(STAGES)], draw.uniform(0.0, after))


def kill_at(moment: Moment, folder: Path, seconds: float = 2.0, **variables: str) -> None:
    """Start an owner, kill it at that moment, and demand that nothing of it is left so many seconds later."""
    with owner(folder, "whole", **variables) as one:
        if moment.stage:
            one.reach(moment.stage)
        threading.Event().wait(moment.seconds)  # the moment is drawn by lot: nothing is waited for
        one.look()
        one.process.kill()
        one.finish()
        one.remains.assert_gone(seconds)
