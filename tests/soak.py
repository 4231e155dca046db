"""``./run soak``: what must not fail once in many times. Ends with one line of what passed.

    quiet   each lab by nbval, so many times in a row
    busy    as often with both cores kept busy by something else
    kills   ``kill -9`` of the owner of a lab at a random moment, ten times as often on each substrate, and a look at what is
            left; containers, where an engine can be had
    binder  every lab once as on Binder: 2 GiB, an unprivileged user, no network (takes a Docker engine)
    many    ten kernels that run the first lab at the same time, as one user and as several, on each substrate: none meets
            what is another's

A lab beside a busy machine passes when each of its claims holds, or when it says that the machine was too busy to judge;
a claim that *fails* there is a failure of the gate. So it is among many.
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
from unittest import mock

from labkit import Lab
from tests.runner import LABS, notebook_options
from tests.support import docker_engine
from tests.support.docker_images import have_all
from tests.support.kills import DOCKER_AFTER, Moment, kill_at, moments
from tests.support.many import run_many
from tests.support.users import available, others

__all__ = ["main"]

ROOT = Path(__file__).resolve().parents[1]
BUSY = "while True: pass"
TOO_BUSY = "could not be judged"
STEMS = {lab.stem: lab for lab in LABS}


def main(arguments: list[str]) -> int:
    """Run the chosen parts; 0 when nothing failed."""
    parser = argparse.ArgumentParser(prog="./run soak", description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--times", type=int, default=10, help="how often each lab runs (default 10)")
    parser.add_argument("--busy", type=int, default=2, help="busy loops beside the busy part (default 2)")
    parser.add_argument("--kernels", type=int, default=10, help="labs at the same time in the many part (default 10)")
    parser.add_argument("--only", choices=["quiet", "busy", "kills", "binder", "many"], help="one part alone")
    parser.add_argument("--lab", dest="labs", action="append", choices=list(STEMS), metavar="NAME",
                        help=f"of the quiet and the busy part this lab alone, and others so given: {', '.join(STEMS)}")
    parser.add_argument("--substrate", choices=["process", "docker"], help="of the kills and the many part this substrate alone")
    chosen = parser.parse_args(arguments)
    if chosen.substrate == "docker" and not docker_engine.available():
        parser.error("no Docker engine answers, and none can be started here: ./run doctor says what it takes")
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
            for lab, n in product([STEMS[name] for name in chosen.labs or STEMS], range(1, chosen.times + 1)):
                beside = f" beside {loops} busy loops" if loops else ""
                yield f"{lab.stem}{beside}, {n} of {chosen.times}", partial(_lab, lab, loops)
    if chosen.only in (None, "kills") and chosen.substrate != "docker":
        for moment in moments(10 * chosen.times, seed=time.time_ns()):
            yield f"kill -9 {moment}", partial(_kill, moment, {})
    if chosen.only in (None, "kills") and _has_docker(chosen):
        with docker_engine.engine() as address:
            variables = {"LABKIT_SUBSTRATE": "docker", "DOCKER_HOST": address}
            for moment in moments(10 * chosen.times, time.time_ns(), DOCKER_AFTER):
                yield f"kill -9 on Docker {moment}", partial(_kill, moment, variables)
    if chosen.only in (None, "binder"):
        yield "every lab as on Binder", _binder
    if chosen.only in (None, "many"):
        yield from _crowds(chosen)


def _has_docker(chosen: argparse.Namespace) -> bool:
    return chosen.substrate != "process" and docker_engine.available()


def _crowds(chosen: argparse.Namespace) -> Iterator[tuple[str, Callable[[], str]]]:
    users, kernels = [1, 3] if available() else [1], chosen.kernels
    if chosen.substrate != "docker":
        for number in users:
            yield f"{kernels} kernels at once, users: {number}", partial(_many, kernels, number, "")
    if _has_docker(chosen):
        with docker_engine.engine() as address:
            _have_image(address)
            for number in users:
                yield f"{kernels} kernels at once on Docker, users: {number}", partial(_many, kernels, number, address)


def _have_image(address: str) -> None:
    """Ten labs would wait for one that makes it, and a user's cache has nothing of another's."""
    have_all(address)
    with mock.patch.dict(os.environ, DOCKER_HOST=address), Lab(substrate="docker"):
        pass


def _many(kernels: int, number: int, address: str) -> str:
    with tempfile.TemporaryDirectory() as private:
        os.chmod(private, 0o755)
        folder = Path(private, "tmp")
        folder.mkdir()
        folder.chmod(0o1777)
        users = [None] if number == 1 else others(number, Path(private), address)
        report = run_many(LABS[0], kernels, folder, users, LABKIT_SUBSTRATE="docker" if address else "process",
                          DOCKER_HOST=address)
    print(report, *(f"  {claim}: {dict(came)}" for claim, came in report.by_claim.items()), *report.troubles,
          sep="\n", flush=True)
    return "failed" if report.troubles else "passed"


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
