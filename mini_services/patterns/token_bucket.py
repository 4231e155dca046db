"""Token bucket: admits a burst, and after it a steady rate, to the request.

A bucket holds up to `burst` tokens and gains `rate` of them each second; each request takes one, and is refused when
there is none:

      rate, a drop each 1/rate seconds
        |
        v
      |     |
      | o o |  up to `burst` tokens: what a quiet time has saved
      +--+--+
         |
         v   one token for each request

So any stretch of t seconds admits at most `burst + rate * t` requests, and a caller who stays within that is never
refused. Nothing runs in the background: the tokens gained since the last request are counted when the next one comes.

The committed rate and burst of RFC 2697; AWS API Gateway's and Envoy's rate limits are such buckets.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable

__all__ = ["TokenBucket"]

_ROUNDING = 1e-6  # of a token: who has waited retry_after() seconds must not be refused for the last bit of a float


class TokenBucket:
    """One limit, shared by threads. `rate`: tokens a second; `burst`: tokens at most, and to begin with."""

    def __init__(self, rate: float, burst: int, *, clock: Callable[[], float] = time.monotonic) -> None:
        if not (rate > 0 and burst >= 1):
            raise ValueError("a token bucket needs a rate above 0 and a burst of 1 or more")
        self.rate, self.burst = rate, burst
        self._clock = clock
        self._tokens, self._counted_at = float(burst), clock()
        self._lock = threading.Lock()

    def admit(self) -> bool:
        """Take a token for one request; False, and nothing taken, when there is none."""
        with self._lock:
            self._gain()
            if self._tokens < 1 - _ROUNDING:
                return False
            self._tokens -= 1  # may leave a debt of the rounding, so that it never adds up
            return True

    def retry_after(self) -> float:
        """Seconds until there is a token, 0 if there is one: what HTTP 429 answers in `Retry-After`."""
        with self._lock:
            self._gain()
            return max(0.0, (1 - self._tokens) / self.rate)

    def _gain(self) -> None:
        now = self._clock()
        self._tokens = min(float(self.burst), self._tokens + (now - self._counted_at) * self.rate)
        self._counted_at = now
