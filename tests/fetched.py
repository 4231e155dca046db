"""The programs that checks need and Debian does not bring: ``labkit get`` has them while other checks only compute.

They are kept in the cache of this book, outside the checkout, so the next run has them. Consul takes minutes to build.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from labkit.get.state import standings
from labkit.substrates.proc import begin_child

__all__ = ["FETCHED", "begun", "is_fetched"]

FETCHED = ("traefik", "envoy", "zookeeper", "eureka", "kafka", "hazelcast", "ignite", "consul")
_LOW = 10  # the priority (nice): what the checks leave
_ROOT = Path(__file__).resolve().parents[1]


def is_fetched(name: str) -> Callable[[], bool]:
    """Whether it is on this machine, or in the cache."""
    return lambda: bool(standings([name])[0].where)


@contextmanager
def begun(names: tuple[str, ...] = FETCHED) -> Iterator[Callable[[], None]]:
    """Begin to fetch what of them is not here. What is yielded waits for the end, and shows what came of it, once."""
    lacking = [name for name in names if not is_fetched(name)()]
    if not lacking:
        yield lambda: None
        return
    print(f"Fetching beside the first checks: {', '.join(lacking)}.", flush=True)
    with tempfile.TemporaryFile("w+", encoding="utf-8") as told:
        command = [sys.executable, "-m", "labkit", "get", *lacking]
        child = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, stdout=told, stderr=subprocess.STDOUT,
                                 preexec_fn=_begin(os.getpid()))
        try:
            yield lambda: _wait(child, told)
        finally:
            if child.poll() is None:
                child.send_signal(signal.SIGINT)  # it tidies up
            child.wait()


def _begin(parent: int) -> Callable[[], None]:
    die_with = begin_child(parent)

    def begin() -> None:
        os.nice(_LOW)
        die_with()

    return begin


def _wait(child: subprocess.Popen[bytes], told: TextIO) -> None:
    """What has failed is said here, and again by the checks that cannot do without."""
    if child.returncode is not None:
        return
    child.wait()
    told.seek(0)
    print("\n" + told.read().rstrip(), flush=True)
