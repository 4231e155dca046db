"""What belongs to the request at hand and travels with it: its id, and how long its user will still wait.

A context variable is like a global that each request has a copy of; it follows the request from the event loop into
the thread that does its work.
"""

from __future__ import annotations

from contextvars import ContextVar
from uuid import uuid4

from mini_services.patterns.deadline import Deadline

__all__ = ["REQUEST_ID", "adopt_request_id", "check_deadline", "deadline", "request_id"]

REQUEST_ID = "X-Request-Id"

request_id: ContextVar[str] = ContextVar("request_id", default="")
deadline: ContextVar[Deadline | None] = ContextVar("deadline", default=None)


def adopt_request_id(sent: str | None) -> str:
    """Go on with the id that the caller sent, or begin with a new one where it sent none that is fit to pass on."""
    chosen = sent if sent and len(sent) <= 100 and sent.isascii() and sent.isprintable() else uuid4().hex
    request_id.set(chosen)
    return chosen


def check_deadline() -> None:
    """Raise DeadlineExceeded when nobody waits for this request any more."""
    if left := deadline.get():
        left.check()
