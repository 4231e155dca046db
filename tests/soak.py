"""``./run soak``: what must not fail once in many times. Ends with one line of what passed.

    quiet   each lab by nbval, so many times in a row
    busy    as often with both cores kept busy by something else
    kills   ``kill -9`` of the owner of a lab at a random moment, ten times as often on each substrate, and a look at what is
            left; containers, where an engine can be had
    binder  every lab once as on Binder: 2 GiB, an unprivileged user, no network (takes a Docker engine)

A lab beside a busy machine passes when each of its claims holds, or when it says that the machine was too busy to judge;
a claim that *fails* there is a failure of the gate.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from itertools import product
from pathlib import Path

from tests.runner import LABS, notebook_options
from tests.support import docker_engine
from tests.support.kills import DOCKER_AFTER, Moment, kill_at, moments

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
BUSY = "while True: pass"
TOO_BUSY = "could not be judged"


def main(arguments: list[str]) -> int:
    """Run the chosen parts; 0 when nothing failed."""
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, help="how often each lab runs (default 10)")
    parser.add_argument("--busy", type=int, default=2, help="busy loops beside the busy part (default 2)")
    parser.add_argument("--only", choices=["quiet", "busy", "kills", "binder"], help="one part alone")
    chosen = parser.parse_args(arguments)
    results = []
    for name, check in _checks(chosen):
        began = time.monotonic()
        outcome = check()
        results.append(outcome)
        print(f"{outcome:14} {name}, {time.monotonic() - began:.0f} s", flush=True)
    failed = results.count("failed")
    print(f"{len(results) - failed} passed, {failed} failed")
    return 1 if failed else 0


def _checks(chosen: argparse.Namespace) -> Iterator[tuple[str, Callable[[], str]]]:
    for part, loops in (("quiet", 0), ("busy", chosen.busy)):
        if chosen.only in (None, part):
            for lab, n in product(LABS, range(1, chosen.times + 1)):
                beside = f" beside {loops} busy loops" if loops else ""
                yield f"{lab.stem}{beside}, {n} of {chosen.times}", partial(_lab, lab, loops)
    if chosen.only in (None, "kills"):
        for moment in moments(10 * chosen.times, seed=time.time_ns()):
            yield f"kill -9 {moment}", partial(_kill, moment, {})
    if chosen.only in (None, "kills") and docker_engine.available():
        with docker_engine.engine() as address:
            variables = {"LABKIT_SUBSTRATE": "docker", "DOCKER_HOST": address}
            for moment in moments(10 * chosen.times, time.time_ns(), DOCKER_AFTER):
                yield f"kill -9 on Docker {moment}", partial(_kill, moment, variables)
    if chosen.only in (None, "binder"):
        yield "every lab as on Binder", _binder


def _lab(lab: Path, loops: int) -> str:
    with _busy(loops):
        command = [sys.executable, "-m", "pytest", "--quiet", *notebook_options(), str(lab)]
        ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "CI": "true"})
    if ran.returncode == 0:
        return "passed"
    if loops and TOO_BUSY in ran.stdout:
        return "too busy"
    print(ran.stdout[-4000:], flush=True)
    return "failed"


def _kill(moment: Moment, variables: dict[str, str]) -> str:
    with tempfile.TemporaryDirectory() as folder:
        try:
            kill_at(moment, Path(folder), **variables)
        except AssertionError as left:
            print(left, flush=True)
            return "failed"
    return "passed"


def _binder() -> str:
    command = [sys.executable, "-m", "pytest", "--quiet", "tests/system/docker/test_binder.py"]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, env={**os.environ, "CI": "true", "EVERY_LAB": "1"})
    if ran.returncode:
        print(ran.stdout[-4000:], flush=True)
    return "failed" if ran.returncode else "passed"


@contextlib.contextmanager
def _busy(loops: int) -> Iterator[None]:
    """So many processes that do nothing but use a processor."""
    running = [subprocess.Popen([sys.executable, "-c", BUSY]) for _ in range(loops)]
    try:
        yield
    finally:
        for process in running:
            process.kill()
            process.wait()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
