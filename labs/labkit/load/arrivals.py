"""When the users come: the intended send times of a stream, in seconds since the load's second 0.

Open-loop times are fixed before anything is sent, so no server, however slow, can move them: users do not wait for
each other. See Schroeder, Wierman and Harchol-Balter, "Open Versus Closed: A Cautionary Tale" (NSDI 2006).
"""

from __future__ import annotations

import random
from collections.abc import Iterator

__all__ = ["closed", "constant", "open_loop", "poisson"]


def constant(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """``rate`` a second, evenly spaced. ``seed`` shifts the phase, or every run would meet a periodic server alike."""
    phase, number = random.Random(seed).random(), 0
    while (at := (phase + number) / rate) < seconds:
        yield at
        number += 1


def poisson(rate: float, seconds: float, seed: int) -> Iterator[float]:
    """``rate`` a second on average, independent of each other: exponential gaps (a Poisson process)."""
    draw = random.Random(seed).expovariate
    at = draw(rate)
    while at < seconds:
        yield at
        at += draw(rate)


def closed(users: int, think: float, seed: int) -> list[float]:
    """The first send of each of ``users``, spread over one think time; each next one waits for the answer."""
    phase = random.Random(seed).random()
    return [think * (phase + number) / users for number in range(users)]


def open_loop(kind: str, rate: float, seconds: float, seed: int) -> Iterator[float]:
    """The send times of an open-loop stream: ``kind`` is "constant" or "poisson"."""
    return {"constant": constant, "poisson": poisson}[kind](rate, seconds, seed)
