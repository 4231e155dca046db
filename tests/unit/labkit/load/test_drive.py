"""The kernel's side of a load, with an engine that the test plays."""

from __future__ import annotations

import json
import os
import signal
import socket
import threading
import time
from collections.abc import Callable

import pytest

from labkit.load.drive import LoadFailed, drive
from labkit.load.plan import LoadPlan, Stream

PLAN = LoadPlan([Stream("/", "http://127.0.0.1:9/", rate=10.0)], 1.0)


class Played:
    """An engine whose part is played by ``script`` in a thread: (its end of the line, the order) -> None."""

    def __init__(self, script: Callable[[socket.socket, dict], None], log: str = "") -> None:
        self.script, self._log = script, log
        self.status: int | None = None
        self.signals: list[int] = []
        self.order: dict = {}

    def __call__(self, target, keywords, fds):
        assert (target, keywords) == ("labkit.load.engine:main", {})
        self.thread = threading.Thread(target=self._play, args=[socket.socket(fileno=os.dup(fds[0]))], daemon=True)
        self.thread.start()
        return self

    def _play(self, sock):
        with sock, sock.makefile("rb") as lines:
            self.order = json.loads(lines.readline())
            self.script(sock, self.order)
        self.status = 3

    def signal(self, number):
        self.signals.append(number)

    def wait(self, seconds):
        self.thread.join(seconds)
        return not self.thread.is_alive()

    def log(self):
        return self._log


def say(sock, **message):
    sock.sendall(json.dumps(message).encode() + b"\n")


def started(sock, *, ago=0.0):
    say(sock, started=time.monotonic() - ago)


def finishes(sock, order):
    started(sock, ago=1.0)
    say(sock, progress=0.5, sent=5, answered=4)
    say(sock, result={"streams": "x" * 3_000_000})


def until_closed(sock):
    while sock.recv(100):
        pass


def test_the_order_goes_out_and_the_result_comes_back_with_progress_between():
    engine, seen = Played(finishes), []
    result = drive(PLAN, engine, lambda *progress: seen.append(progress))
    assert engine.order == PLAN.order()
    assert len(result["streams"]) == 3_000_000
    assert seen == [(0.5, 5, 4)]
    assert engine.signals == []


def test_an_order_larger_than_any_command_line_goes_out_whole():
    plan = LoadPlan([Stream("/", "http://127.0.0.1:9/", method="POST", body="x" * 1_000_000, rate=1.0)], 1.0)
    engine = Played(finishes)
    drive(plan, engine)
    assert len(engine.order["streams"][0]["body"]) == 1_000_000


def test_events_happen_in_order_at_their_second_and_the_last_ones_before_the_result():
    happened, go = [], threading.Event()

    def script(sock, order):
        started(sock, ago=0.5)
        go.wait(10)
        say(sock, result={})

    def at(second):
        def event():
            happened.append((second, threading.current_thread()))
            if second == 0.5:
                go.set()
        return second, event

    drive(PLAN, Played(script), at_events=[at(1.0), at(0.5), at(0.0)])
    assert happened == [(second, threading.current_thread()) for second in (0.0, 0.5, 1.0)]


def test_nothing_happens_before_the_load_has_started():
    happened = []

    def script(sock, order):
        say(sock, progress=0.0, sent=0, answered=0)
        happened.append("script")
        started(sock)
        until_closed(sock)

    def event():
        happened.append("event")
        raise StopAsyncIteration

    with pytest.raises(StopAsyncIteration):
        drive(PLAN, Played(script), at_events=[(0.0, event)])
    assert happened == ["script", "event"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_what_an_event_raises_ends_the_engine_and_goes_on(error):
    def script(sock, order):
        started(sock)
        until_closed(sock)

    def event():
        raise error("no")

    engine = Played(script)
    with pytest.raises(error, match="no"):
        drive(PLAN, engine, at_events=[(0.0, event)])
    assert engine.signals == [signal.SIGKILL]
    assert not engine.thread.is_alive()


def test_an_engine_that_dies_is_told_with_its_status_and_last_lines():
    engine = Played(lambda sock, order: started(sock), log="one\nMemoryError")
    with pytest.raises(LoadFailed, match=r"\n    MemoryError\nThe load engine ended before its result \(exit status 3\)"):
        drive(PLAN, engine)


def test_an_engine_that_fails_is_told_with_its_own_words():
    def script(sock, order):
        say(sock, failed="OSError: no more")

    with pytest.raises(LoadFailed, match=r"ended before its result \(OSError: no more\)"):
        drive(PLAN, Played(script))


def test_an_engine_that_falls_silent_is_ended(monkeypatch):
    monkeypatch.setattr("labkit.load.drive._SILENCE_SECONDS", 0.05)

    def script(sock, order):
        started(sock)
        until_closed(sock)

    engine = Played(script)
    with pytest.raises(LoadFailed, match=r"was silent for 0\.05 s"):
        drive(PLAN, engine)
    assert engine.signals == [signal.SIGKILL]


def test_an_engine_that_never_starts_is_ended(monkeypatch):
    monkeypatch.setattr("labkit.load.drive._START_SECONDS", 0.05)
    with pytest.raises(LoadFailed, match=r"did not start for 0\.05 s"):
        drive(PLAN, Played(lambda sock, order: until_closed(sock)))


def test_an_event_outside_the_load_is_refused_before_anything_starts():
    with pytest.raises(ValueError, match="second 9, but the load lasts from second 0 to 1"):
        drive(PLAN, None, at_events=[(9.0, print)])
    with pytest.raises(ValueError, match="second -1"):
        drive(PLAN, None, at_events=[(-1.0, print)])


def test_no_descriptor_is_left_behind():
    def count():
        return len(os.listdir("/proc/self/fd")) if os.path.isdir("/proc/self/fd") else 0

    drive(PLAN, Played(finishes))
    before = count()
    drive(PLAN, Played(finishes))
    with pytest.raises(LoadFailed):
        drive(PLAN, Played(lambda sock, order: None))
    assert count() == before
