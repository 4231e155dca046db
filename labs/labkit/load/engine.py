"""The load engine: a process of its own, so that no busy notebook delays a send.

It takes its order as the first line on the control socket and reports on it, one JSON object a line::

    <- {"streams": [...], "seconds": 8.0, ...}         what labkit.load.plan.LoadPlan writes
    -> {"started": 81234.5}                            second 0, on the monotonic clock
    -> {"progress": 0.25, "sent": 96, "answered": 95}  five times a second
    -> {"result": {...}}                               then it exits

When the socket closes, whoever wanted the load is gone, and the engine exits at once. It imports nothing but the
standard library: it starts in milliseconds and weighs little.
"""

from __future__ import annotations

import asyncio
import datetime
import gc
import json
import os
import resource
import socket
import traceback
from typing import Any

from labkit.load import arrivals
from labkit.load.connection import Budget, Pool
from labkit.load.event_loop import EngineLoop
from labkit.load.http import request_bytes
from labkit.load.record import Record, Tags
from labkit.load.requests import requests_of
from labkit.load.sender import Sender
from labkit.load.url import Address
from labkit.load.users import ClosedLoop, OpenLoop
from labkit.load.watch import Watch

__all__ = ["main"]

_MOST_CONNECTIONS = 16_000  # fewer than the ports from which one machine can connect to one address
_SPARE_DESCRIPTORS = 64
_LEAD = 0.1  # seconds from here to second 0
_REPORT_EVERY = 0.2
_CHECK_EVERY = 0.02


def main(fds: list[int]) -> None:
    """Run the load that is ordered on the control socket ``fds[0]``."""
    control = _Control(socket.socket(fileno=fds[0]))
    try:
        control.send({"result": _Load(control.order(), control).run()})
    except Exception as error:
        traceback.print_exc()
        control.send({"failed": f"{type(error).__name__}: {error}"})
        raise SystemExit(1) from None


class _Control:
    """The line to the kernel."""

    def __init__(self, sock: socket.socket) -> None:
        self._sock = sock

    def order(self) -> dict[str, Any]:
        """The first line; exits when none comes."""
        with self._sock.makefile("rb") as lines:
            line = lines.readline()
        if not line.endswith(b"\n"):
            os._exit(0)
        order: dict[str, Any] = json.loads(line)
        return order

    def send(self, message: dict[str, Any]) -> None:
        """One line; exits when nobody listens any more."""
        try:
            self._sock.sendall(json.dumps(message, separators=(",", ":")).encode() + b"\n")
        except OSError:
            os._exit(0)

    def exit_when_closed(self, loop: asyncio.AbstractEventLoop) -> None:
        """From now on the end of the kernel is the end of this process."""
        loop.add_reader(self._sock, self._readable)

    def _readable(self) -> None:
        try:
            if self._sock.recv(4096):
                return
        except OSError:
            pass
        os._exit(0)


class _Load:
    """One load from its order to its result."""

    def __init__(self, order: dict[str, Any], control: _Control) -> None:
        self._loop = EngineLoop()
        self._control = control
        self._seconds: float = order["seconds"]
        self._tag_header: str | None = order["tag_header"]
        self._budget = Budget(_most_connections())
        self._pools: dict[tuple[str, int], Pool] = {}
        self._tags = Tags()
        self._users = {stream["name"]: self._make(stream) for stream in order["streams"]}
        self._counted = [self._users[stream["name"]].sender.record for stream in order["streams"] if stream["counted"]]
        self._watch = Watch(self._loop, {target["name"]: target["url"] for target in order["watch"]}, order["metrics"],
                            order["every"], self._budget)
        self._zero = 0.0
        self._error: BaseException | None = None

    def run(self) -> dict[str, Any]:
        """Run it to its end, the last time-out included."""
        gc.collect()
        gc.disable()  # the hot path makes no cycles, and a collection is a stall of the generator's own
        self._loop.set_exception_handler(self._fail)
        self._control.exit_when_closed(self._loop)
        self._zero = self._loop.time() + _LEAD
        wall = datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=_LEAD)
        self._control.send({"started": self._zero})
        for users in self._users.values():
            users.begin(self._zero)
        self._watch.begin(self._zero)
        self._report()
        self._loop.call_at(self._zero + self._seconds, self._check)
        self._loop.run_forever()
        if self._error is not None:
            raise self._error
        return self._result(wall.isoformat(timespec="milliseconds"))

    def _make(self, stream: dict[str, Any]) -> OpenLoop | ClosedLoop:
        address = Address(stream["url"])
        if address.peer not in self._pools:
            self._pools[address.peer] = Pool(self._loop, address.peer, self._budget, self._tag_header)
        method = stream["method"]
        requests = requests_of(address.target, stream["seed"], lambda target: request_bytes(
            method, address.host, target, stream["headers"], stream["body"]))
        sender = Sender(self._pools[address.peer], requests, stream["timeout"], Record(self._tags), method == "HEAD")
        if stream["arrivals"] == "closed":
            firsts = arrivals.closed(stream["users"], stream["think"], stream["seed"])
            return ClosedLoop(self._loop, sender, firsts, stream["think"], self._seconds)
        times = arrivals.open_loop(stream["arrivals"], stream["rate"], self._seconds, stream["seed"])
        return OpenLoop(self._loop, sender, times)

    def _report(self) -> None:
        done = (self._loop.time() - self._zero) / self._seconds
        self._control.send({"progress": round(min(max(done, 0.0), 1.0), 3), "sent": sum(map(len, self._counted)),
                            "answered": sum(record.answered for record in self._counted)})
        self._loop.call_later(_REPORT_EVERY, self._report)

    def _check(self) -> None:
        if all(users.over for users in self._users.values()):
            self._loop.stop()
        else:
            self._loop.call_later(_CHECK_EVERY, self._check)

    def _fail(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """An error in any callback ends the load: half a measurement is none."""
        self._error = context.get("exception") or RuntimeError(context["message"])
        loop.stop()

    def _result(self, wall: str) -> dict[str, Any]:
        return {"t0": self._zero, "wall": wall, "seconds": self._seconds,
                "streams": {name: users.sender.record.encoded() for name, users in self._users.items()},
                "tags": self._tags.values, "watch": self._watch.series}


def _most_connections() -> int:
    """Raise the limit of open files as far as is allowed; how many connections that makes."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    most = _MOST_CONNECTIONS + _SPARE_DESCRIPTORS
    wanted = most if hard == resource.RLIM_INFINITY else min(most, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
        soft = wanted
    return _MOST_CONNECTIONS if soft == resource.RLIM_INFINITY else min(most, soft) - _SPARE_DESCRIPTORS
