"""Logs: one JSON object a line on standard output, so that a program can search what several services wrote.

Each line has the request's id, the same in every service that the request went through:

    {"time": "2024-05-01T09:30:00.123+00:00", "at": 81234.567, "level": "warning", "service": "orders",
     "instance": "orders-1", "request_id": "4f0c...", "event": "breaker", "callee": "stock", "from": "closed", ...}

`time` is for people; `at`, in seconds of the machine's monotonic clock, is for measuring. The lines are written here
and not by `logging`, which takes three times as long for each; what the server logs by it becomes such lines too.
"""

from __future__ import annotations

import json
import logging
import sys
import threading
import time
import traceback
from datetime import UTC, datetime

from mini_services.shop.context import request_id

__all__ = ["Log"]


class Log:
    """The log of one service: ``log("started", threads=24)``; shared by threads."""

    def __init__(self, service: str, instance: str) -> None:
        self._own = {"service": service, "instance": instance or service}
        self._lock = threading.Lock()
        server = logging.getLogger("uvicorn.error")  # by this name it logs everything, not only errors
        server.handlers, server.propagate = [_FromServer(self)], False

    def __call__(self, event: str, **fields: object) -> None:
        """Write one line with these fields."""
        self._write("info", event, fields)

    def warning(self, event: str, **fields: object) -> None:
        """The same, for what somebody may want to look into."""
        self._write("warning", event, fields)

    def error(self, event: str, error: BaseException, **fields: object) -> None:
        """The same, for what should never happen, with where it came from."""
        self._write("error", event, {"error": "".join(traceback.format_exception(error)), **fields})

    def _write(self, level: str, event: str, fields: dict[str, object]) -> None:
        line: dict[str, object] = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"),
            "at": round(time.monotonic(), 6),
            "level": level,
            **self._own,
            "request_id": request_id.get(),
            "event": event,
            **fields,
        }
        text = json.dumps(line, ensure_ascii=False, default=str) + "\n"
        with self._lock:
            sys.stdout.write(text)
            sys.stdout.flush()


class _FromServer(logging.Handler):
    def __init__(self, log: Log) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        error = record.exc_info[1] if record.exc_info else None
        if error:
            self._log.error(record.getMessage(), error)
        elif record.levelno >= logging.WARNING:
            self._log.warning(record.getMessage())
        else:
            self._log(record.getMessage())
