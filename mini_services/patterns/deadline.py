"""Deadline: how long the user will still wait, told to every service down the chain.

A time-out belongs to one call; a deadline to the whole request. Without it a service deep in the chain goes on working
for a user who has left, and each hop waits its own full time-out:

      user 0.50 s --> storefront --> orders --> stock
                      0.50 s left    0.42 s     0.31 s     and at 0 everybody stops

What travels is the time that is *left*, in whole milliseconds, not a time of day, for two machines' clocks need not
agree. The trip itself is not counted, so a deadline may grow by that much; it is rounded down to make up for some.

From gRPC's deadlines and its `grpc-timeout` header; Google, *Site Reliability Engineering*, ch. 22, "Deadline
propagation".
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

__all__ = ["HEADER", "Deadline", "DeadlineExceeded"]

HEADER = "X-Deadline-Ms"


class DeadlineExceeded(Exception):
    """No time is left: nobody waits for the answer any more."""

    def __init__(self) -> None:
        super().__init__("the deadline of this request has passed")


@dataclass(frozen=True)
class Deadline:
    """A moment `at` on `clock`, in seconds, after which nobody waits for the answer."""

    at: float
    clock: Callable[[], float] = field(default=time.monotonic, repr=False, compare=False)

    @classmethod
    def after(cls, seconds: float, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """The deadline `seconds` from now."""
        return cls(clock() + seconds, clock)

    @classmethod
    def from_header(cls, text: str, clock: Callable[[], float] = time.monotonic) -> Deadline:
        """The deadline that a caller sent; ValueError unless it is 1 to 8 decimal digits, as in gRPC."""
        if not (text.isascii() and text.isdigit() and len(text) <= 8):
            raise ValueError(f"{HEADER} must be the milliseconds left, 1 to 8 digits, not {text[:20]!r}")
        return cls.after(int(text) / 1000, clock)

    def to_header(self) -> str:
        """What to send to a callee: the whole milliseconds left."""
        return str(min(int(self.remaining() * 1000), 99_999_999))

    def remaining(self) -> float:
        """Seconds left, never below 0."""
        return max(0.0, self.at - self.clock())

    @property
    def expired(self) -> bool:
        """Whether no time is left."""
        return self.remaining() <= 0.0

    def check(self) -> None:
        """Raise :class:`DeadlineExceeded` if no time is left; to be asked before each piece of work."""
        if self.expired:
            raise DeadlineExceeded

    def within(self, timeout: float) -> Deadline:
        """The earlier of this deadline and `timeout` seconds from now: the time-out for one call."""
        return min(self, Deadline.after(timeout, self.clock), key=lambda deadline: deadline.at)
