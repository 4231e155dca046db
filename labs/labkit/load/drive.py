"""Have a load run by an engine in a process of its own, and let things happen meanwhile."""

from __future__ import annotations

import json
import select
import signal
import socket
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any, Protocol

from labkit.errors import after_log
from labkit.language import Text
from labkit.load.plan import LoadPlan

__all__ = ["Engine", "Event", "Launch", "LoadFailed", "drive"]

_TARGET = "labkit.load.engine:main"
_START_SECONDS = 30.0  # a cold interpreter on a busy machine
_SILENCE_SECONDS = 20.0  # the engine reports five times a second
_END_SECONDS = 2.0


class Engine(Protocol):
    """The launched process, as far as it is of interest here; see ``labkit.substrates.substrate.Process``."""

    @property
    def status(self) -> int | None:
        """Its exit status, ``None`` while it runs."""

    def signal(self, number: int) -> None:
        """Send it a signal; nothing happens when it has ended."""

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it ended in time."""

    def log(self) -> str:
        """What it wrote."""


Launch = Callable[[str, dict[str, Any], Sequence[int]], Engine]
Progress = Callable[[float, int, int], None]
Event = tuple[float, Callable[[], None]]


class LoadFailed(RuntimeError):
    """The engine ended without a result; the message says why, as far as is known."""


def drive(plan: LoadPlan, launch: Launch, on_progress: Progress | None = None,
          at_events: Iterable[Event] = ()) -> dict[str, Any]:
    """Run ``plan`` and return the engine's result; see :mod:`labkit.load.engine` and :mod:`labkit.measure.run`.

    ``launch(target, keywords, fds)`` starts the engine. ``on_progress(share_done, sent, answered)`` is called about
    five times a second. Each of ``at_events``, ``(second, callable)``, is called from this thread at its second of the
    load. What an event raises, and an interrupt, ends the load and goes on to the caller. :class:`LoadFailed` when the
    engine dies.
    """
    events = sorted(at_events, key=lambda event: event[0])
    _check_events(events, plan.seconds)
    here, there = socket.socketpair()
    with here, there:
        engine = launch(_TARGET, {}, [there.fileno()])
        there.close()
        try:
            return _Drive(plan, engine, here, on_progress, events).result()
        except BaseException:
            engine.signal(signal.SIGKILL)
            raise
        finally:
            here.close()  # with it the engine exits by itself
            if not engine.wait(_END_SECONDS):
                engine.signal(signal.SIGKILL)
                engine.wait(_END_SECONDS)


class _Drive:
    def __init__(self, plan: LoadPlan, engine: Engine, sock: socket.socket, on_progress: Progress | None,
                 events: list[Event]) -> None:
        self._plan, self._engine, self._sock = plan, engine, sock
        self._on_progress, self._events = on_progress, events
        self._zero: float | None = None
        self._bytes: list[bytes] = []
        self._heard_by = time.monotonic() + _START_SECONDS
        self._over_by = float("inf")

    def result(self) -> dict[str, Any]:
        """Order the load and read until its result is there; the events that are due come between the lines."""
        try:
            self._sock.sendall(json.dumps(self._plan.order()).encode() + b"\n")
        except BrokenPipeError:
            raise _dead(self._engine, "") from None
        while True:
            self._fire()
            for message in self._messages(self._patience()):
                if "result" in message:
                    self._fire(everything=True)
                    result: dict[str, Any] = message["result"]
                    return result
                self._take(message)

    def _take(self, message: dict[str, Any]) -> None:
        if "failed" in message:
            raise _dead(self._engine, message["failed"])
        if "started" in message:
            self._zero = message["started"]
            self._over_by = message["started"] + self._plan.longest_wait + _SILENCE_SECONDS
        elif self._on_progress is not None:
            self._on_progress(message["progress"], message["sent"], message["answered"])

    def _fire(self, everything: bool = False) -> None:
        while self._events and (everything or self._until(self._events[0][0]) <= 0):
            self._events.pop(0)[1]()
            self._heard_by = time.monotonic() + _SILENCE_SECONDS  # while the event ran nobody listened

    def _until(self, second: float) -> float:
        return float("inf") if self._zero is None else self._zero + second - time.monotonic()

    def _patience(self) -> float:
        """Seconds until the next event, or until silence means death."""
        left = min(self._heard_by, self._over_by) - time.monotonic()
        return max(0.0, min(left, self._until(self._events[0][0]) if self._events else left))

    def _messages(self, seconds: float) -> Iterator[dict[str, Any]]:
        """The lines that come within ``seconds``, if any."""
        if not select.select([self._sock], [], [], seconds)[0]:
            if time.monotonic() >= min(self._heard_by, self._over_by):
                raise _silent(self._engine, self._zero is not None)
            return
        try:
            data = self._sock.recv(1 << 20)
        except ConnectionResetError:
            data = b""
        if not data:
            raise _dead(self._engine, "")
        self._heard_by = time.monotonic() + _SILENCE_SECONDS
        if b"\n" not in data:
            self._bytes.append(data)
            return
        *lines, rest = b"".join([*self._bytes, data]).split(b"\n")
        self._bytes = [rest]
        for line in lines:
            yield json.loads(line)


def _check_events(events: list[Event], seconds: float) -> None:
    for second, _ in events:
        if not 0 <= second <= seconds:
            raise ValueError(str(Text(
                "Something is planned for second {second:g}, but the load lasts from second 0 to {seconds:g}. Choose a "
                "time within, or load for longer.",
                "有事情排在第 {second:g} 秒，但負載只從第 0 秒到第 {seconds:g} 秒。請選在這之間，或延長負載。"
            ).format(second=second, seconds=seconds)))


def _dead(engine: Engine, cause: str) -> LoadFailed:
    engine.wait(_END_SECONDS)
    text = Text("The load engine ended before its result ({cause}), so nothing was measured. Run the cell again; if it "
                "happens again, ask for a lower rate or close other programs.",
                "負載引擎還沒有結果就結束了（{cause}），因此沒有量到東西。請再執行一次這個儲存格；若又發生，請調低速率或關閉其他程式。")
    ended = Text("exit status {status}", "結束狀態 {status}").format(status=engine.status)
    return LoadFailed(after_log(text.format(cause=cause or ended), engine.log()))


def _silent(engine: Engine, started: bool) -> LoadFailed:
    text = Text("The load engine {what} for {seconds:g} s, so it was ended. The machine is too busy or the engine was "
                "paused: close other programs and run the cell again.",
                "負載引擎{what}達 {seconds:g} 秒，因此結束了它。可能是機器太忙，或引擎被暫停："
                "請關閉其他程式，再執行一次這個儲存格。")
    what = Text("was silent", "沒有回報") if started else Text("did not start", "沒有啟動")
    seconds = _SILENCE_SECONDS if started else _START_SECONDS
    return LoadFailed(after_log(text.format(what=what, seconds=seconds), engine.log()))
