"""Retry budget: retries may add a share to the work, never multiply it.

Three attempts at each of three hops turn one request into 27 calls, and that just when the callee is sick: a brief
fault becomes a lasting one, kept alive by the retries alone. Limiting the attempts of *one* request does not help, for
every request makes them. A budget counts over all requests:

      each request      pays in     `share` of a retry
      each retry        takes out   1; when there is less than 1 it is not made

So n requests make at most `reserve + share * n` retries. The reserve lets a quiet client retry at all; the ceiling
keeps a long time of health from being saved up for one storm.

From Finagle's RetryBudget, Linkerd's retry budgets (20 % of requests) and gRPC's retry throttling; Google, *Site
Reliability Engineering*, ch. 21, keeps each client to 10 %.
"""

from __future__ import annotations

import threading

__all__ = ["Budget"]

_ONE = 1_000_000  # whole millionths of a retry, for ten times 0.1 is less than 1 in floating point


class Budget:
    """One budget for one callee, shared by all the threads that call it.

    `share`: retries for each request, 0.1 is one in ten. `reserve`: retries to begin with. `ceiling`: the most that can
    be saved up.
    """

    def __init__(self, share: float, *, reserve: int = 3, ceiling: int = 10) -> None:
        if not (share >= 0 and 0 <= reserve <= ceiling):
            raise ValueError("a budget needs a share of 0 or more and a reserve from 0 to its ceiling")
        self._share, self._ceiling = round(share * _ONE), ceiling * _ONE
        self._balance = reserve * _ONE
        self._lock = threading.Lock()

    @property
    def balance(self) -> float:
        """Retries that could be made now."""
        return self._balance / _ONE

    def deposit(self) -> None:
        """A request begins (not a retry): pay in its share."""
        with self._lock:
            self._balance = min(self._ceiling, self._balance + self._share)

    def withdraw(self) -> bool:
        """Take out one retry; False, and nothing taken, when there is less than one."""
        with self._lock:
            if self._balance < _ONE:
                return False
            self._balance -= _ONE
            return True
