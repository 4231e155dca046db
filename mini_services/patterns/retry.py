"""Retry: ask again when a call has failed by chance, without making things worse.

A lost packet or a restarting instance is over in a moment, so asking again is worth it. Three rules keep it safe:

 - wait longer each time (exponential backoff), and a random part of that (full jitter), so that callers who failed
   together do not come back together:   wait = random(0 .. min(ceiling, first * 2 ** n))
 - spend no more than a budget (:mod:`mini_services.patterns.budget`): backoff spreads the load, a budget limits it;
 - stop when the deadline leaves no time (:mod:`mini_services.patterns.deadline`).

And retry only what may be done twice, such as a read, or a write with an id by which the callee knows it again. When
it gives up, the last failure is raised as it was.

From the AWS Builders' Library, "Timeouts, retries, and backoff with jitter" (Marc Brooker).
"""

from __future__ import annotations

import random as _random
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from mini_services.patterns.budget import Budget
from mini_services.patterns.deadline import Deadline

__all__ = ["Backoff", "retry"]

T = TypeVar("T")


@dataclass(frozen=True)
class Backoff:
    """How long to wait before a retry: `first` seconds, doubled each time, never above `ceiling`."""

    first: float = 0.1
    ceiling: float = 10.0
    jitter: bool = True

    def pause(self, retries: int, random: Callable[[], float] = _random.random) -> float:
        """Seconds to wait when `retries` have been made; with jitter a random part, from 0 up to all of it."""
        longest = min(self.ceiling, self.first * 2.0 ** min(retries, 100))
        return random() * longest if self.jitter else longest


def retry(
    function: Callable[[], T],
    *,
    attempts: int = 3,
    backoff: Backoff = Backoff(),
    budget: Budget | None = None,
    deadline: Deadline | None = None,
    retry_on: tuple[type[Exception], ...] = (Exception,),
    sleep: Callable[[float], None] = time.sleep,
    random: Callable[[], float] = _random.random,
) -> T:
    """Call `function` up to `attempts` times in all, and give back what it returns.

    `random` gives numbers from 0 to 1. Raises what `function` raised last, and DeadlineExceeded if no time is left for
    even one attempt.
    """
    if attempts < 1:
        raise ValueError(f"attempts must be 1 or more, not {attempts}")
    if deadline:
        deadline.check()
    if budget:
        budget.deposit()
    for retries in range(attempts - 1):
        try:
            return function()
        except retry_on:
            pause = backoff.pause(retries, random)
            too_late = deadline is not None and deadline.remaining() <= pause
            if too_late or (budget and not budget.withdraw()):
                raise
            sleep(pause)
            if deadline and deadline.expired:  # it slept for longer than it was asked to
                raise
    return function()
