"""A plain script that owns a lab and comes to an end in the way it is told: what a notebook's kernel does, without one.

    python -m tests.support.owner ENDING

It says on standard output which stage it has reached, one word a line.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import sys
import threading
import time
from collections.abc import Callable

from labkit import Lab

FOREVER = 120.0


def say(stage: str, *values: object) -> None:
    print("stage", stage, *values, flush=True)


def open_lab() -> Lab:
    """Six processes that serve, one of which has a child and one a daemon, and one that is paused."""
    say("begin")
    lab = Lab(package="tests.support.services")
    say("opened")
    tiny = lab.service("tiny", instances=3)
    say("launching")
    parent = lab.service("parent", calls=tiny)
    daemon = lab.service("daemon", calls=[tiny, parent])
    say("serving", parent.get("/child").json(), daemon.get("/child").json())
    tiny[0].pause()
    say("paused")
    return lab


def close(lab: Lab) -> None:
    lab.close()
    say("closed")
    time.sleep(FOREVER)


def close_when_told(lab: Lab) -> None:
    told = threading.Event()
    signal.signal(signal.SIGUSR1, lambda *_: told.set())
    say("waiting")
    told.wait(FOREVER)
    close(lab)


def leave(lab: Lab) -> None:
    """The script simply ends."""


def stop(lab: Lab) -> None:
    sys.exit(3)


def fail(lab: Lab) -> None:
    raise RuntimeError("on purpose")


def vanish(lab: Lab) -> None:
    os._exit(4)


def wait(lab: Lab) -> None:
    say("waiting")
    time.sleep(FOREVER)


def keep(lab: Lab) -> None:
    """With a system that keeps what it writes: on an engine that is a volume."""
    lab.system("etcd")
    wait(lab)


def whole(lab: Lab) -> None:
    """All that a lab goes through, for an end at any moment of it."""
    say("loading")
    lab.load(lab.service("tiny", instances=2), "/ping", rate=50, seconds=0.5)
    say("closing")
    close(lab)


def fork_and_vanish(lab: Lab) -> None:
    """A fork that outlives its parent must not keep the lab alive: it has copies of all that the parent had open."""
    child = multiprocessing.get_context("fork").Process(target=time.sleep, args=(FOREVER,))
    child.start()
    say("forked", child.pid)
    time.sleep(0.2)
    os._exit(4)


def fork_and_go_on(lab: Lab) -> None:
    """The end of a fork, with all its atexit handlers, must not close the lab of its parent."""
    child = os.fork()
    if child == 0:
        sys.exit(0)
    os.waitpid(child, 0)
    say("forked", lab.service("tiny").get("/health").status_code)
    wait(lab)


ENDINGS: dict[str, Callable[[Lab], None]] = {
    action.__name__: action
    for action in (close, close_when_told, keep, leave, stop, fail, vanish, wait, whole, fork_and_vanish, fork_and_go_on)}

if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell, or nohup, may have started us with them ignored
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    ENDINGS[sys.argv[1]](open_lab())
