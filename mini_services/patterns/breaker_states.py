"""The three states of a circuit breaker, each a small class whose methods return the state that follows.

No lock, no clock, no call in here, only the decisions: `now` is an argument, in seconds on any clock that never goes
back. :mod:`mini_services.patterns.breaker` puts them around real calls. A state that decides for another one makes a
new object, and a call counts only in the very object that let it begin; so an answer that comes late, to a question
asked before the state changed, decides nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass

__all__ = ["BreakerOpen", "Closed", "HalfOpen", "Open", "Rules", "State"]


class BreakerOpen(Exception):
    """The call was not made. In `retry_after` seconds it may be; 0 when that depends on probes under way."""

    def __init__(self, retry_after: float) -> None:
        wait = f"is open for another {retry_after:.1f} s" if retry_after else "waits for its probes to answer"
        super().__init__(f"the breaker {wait}")
        self.retry_after = retry_after


@dataclass(frozen=True)
class Rules:
    """When to open and when to close again."""

    window: float = 10.0  # seconds for which an ended call counts
    threshold: float = 0.5  # the share of failures that opens: above 0, at most 1
    minimum: int = 5  # fewer calls in the window than this say nothing
    reset_after: float = 5.0  # seconds from opening to the first probe
    probes: int = 1  # calls that half-open lets through; all must succeed

    def __post_init__(self) -> None:
        if not (self.window > 0 and 0 < self.threshold <= 1 and self.reset_after >= 0):
            raise ValueError("a breaker needs a window above 0, a threshold above 0 and at most 1, no negative reset")
        if self.minimum < 1 or self.probes < 1:
            raise ValueError("a breaker needs a minimum and probes of 1 or more")


class State:
    """A call asks to begin, and ends; what follows is this state or another."""

    name = ""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules

    def begin(self, now: float) -> State:
        """Let a call begin, or raise :class:`BreakerOpen`."""
        return self

    def end(self, failed: bool | None, now: float) -> State:
        """Take note of the end of a call begun in this state; `failed` is None when it says nothing of the callee."""
        return self


class Closed(State):
    """Calls go through, and are counted for `window` seconds after their end."""

    name = "closed"

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.ended: deque[tuple[float, bool]] = deque()
        self.failures = 0

    def end(self, failed: bool | None, now: float) -> State:
        """Count the call, forget the old ones, and open when too many failed."""
        if failed is None:
            return self
        self.ended.append((now, failed))
        self.failures += failed
        while self.ended[0][0] <= now - self.rules.window:
            self.failures -= self.ended.popleft()[1]
        calls = len(self.ended)
        sick = calls >= self.rules.minimum and self.failures / calls >= self.rules.threshold
        return Open(self.rules, now) if sick else self


class Open(State):
    """Calls are refused for `reset_after` seconds; the first one after that is a probe."""

    name = "open"

    def __init__(self, rules: Rules, now: float) -> None:
        super().__init__(rules)
        self.until = now + rules.reset_after

    def begin(self, now: float) -> State:
        """Refuse, or let the first probe through."""
        if now < self.until:
            raise BreakerOpen(self.until - now)
        return HalfOpen(self.rules).begin(now)


class HalfOpen(State):
    """A few calls go through as probes; the others are refused while the probes are under way."""

    name = "half-open"

    def __init__(self, rules: Rules) -> None:
        super().__init__(rules)
        self.places = self.missing = rules.probes

    def begin(self, now: float) -> State:
        """Let a probe through while there are places."""
        if not self.places:
            raise BreakerOpen(0.0)
        self.places -= 1
        return self

    def end(self, failed: bool | None, now: float) -> State:
        """One failure opens again, the last success closes; a probe that said nothing gives its place back."""
        if failed:
            return Open(self.rules, now)
        if failed is None:
            self.places += 1
        else:
            self.missing -= 1
        return self if self.missing else Closed(self.rules)
