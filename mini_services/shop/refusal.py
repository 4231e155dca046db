"""Refusals: the answers that say why there is none, as one JSON sentence and an HTTP status.

    503 Service Unavailable   it cannot be done now; Retry-After says in how many seconds to ask again
    504 Gateway Timeout       somebody further down did not answer in time, or nobody waits any more

A caller that knows these from a "no" (4xx) knows what is worth asking again. From RFC 9110, section 15.6.
"""

from __future__ import annotations

import math

from fastapi import Request
from fastapi.responses import JSONResponse

from mini_services.patterns.bulkhead import BulkheadFull
from mini_services.patterns.deadline import DeadlineExceeded

__all__ = ["KINDS", "Refusal", "answer_refusal", "as_refusal"]


class Refusal(Exception):
    """Give up this request and tell its user `sentence`; `retry_after` in seconds, None where nobody can say."""

    def __init__(self, status: int, sentence: str, retry_after: float | None = None) -> None:
        super().__init__(sentence)
        self.status, self.retry_after = status, retry_after

    def response(self) -> JSONResponse:
        """The same as HTTP; the header counts in whole seconds, and 0 would invite the next attempt at once."""
        wait = {} if self.retry_after is None else {"Retry-After": str(max(1, math.ceil(self.retry_after)))}
        return JSONResponse({"error": str(self)}, self.status, wait)


KINDS = (Refusal, DeadlineExceeded, BulkheadFull)


def as_refusal(error: Exception) -> Refusal:
    """What to tell the user when one of `KINDS` was raised."""
    if isinstance(error, Refusal):
        return error
    if isinstance(error, DeadlineExceeded):
        return Refusal(504, f"too late: {error}")
    return Refusal(503, f"busy: {error}", retry_after=1.0)


async def answer_refusal(request: Request, error: Exception) -> JSONResponse:
    """The application's handler; `async`, as a plain `def` would need a thread of the pool that has run out of them."""
    return as_refusal(error).response()
