"""What came of one request, as the load engine writes it down: an HTTP status, or one of the codes below.

A module of constants alone, because the engine, which must stay light, shares it with those who read its result.
"""

from __future__ import annotations

__all__ = ["BAD_ANSWER", "ERROR_FROM", "NO_CONNECTION", "PENDING", "REFUSED", "RESET", "TIMED_OUT", "TOO_LATE"]

ERROR_FROM = 400  # from this HTTP status on the user did not get what was asked for

TIMED_OUT = 0  # the user gave up; the connection was closed on the server
REFUSED = -1  # no connection: nobody listens
RESET = -2  # the connection was reset, or closed before the answer was whole
BAD_ANSWER = -3  # something came that is not HTTP

# Never sent, for a reason of the generator's own: such a request says nothing about the server.
TOO_LATE = -4  # the generator itself was later than the user's time-out
NO_CONNECTION = -5  # too many open connections: the engine's cap, file descriptors or ports ran out

PENDING = -9  # still under way; none is left in a result
