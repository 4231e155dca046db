"""A signal goes to a process and to all below it, whatever sessions these made for themselves."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from labkit.substrates.tree import signal_tree
from tests.support.waiting import wait_for

NESTED = """
import os, subprocess, sys
apart = subprocess.Popen(["sleep", "60"], start_new_session=True)
orphan = subprocess.run(["sh", "-c", "sleep 60 >/dev/null 2>&1 & echo $!"], capture_output=True, text=True).stdout
print(apart.pid, orphan.strip(), flush=True)
apart.wait()
"""
FORKS = """
import os, sys, time
while True:
    if os.fork() == 0:
        os.setsid()
        with open(sys.argv[1], "a") as file:
            print(os.getpid(), file=file)
        time.sleep(60)
        os._exit(0)
    time.sleep(0.0002)
"""


@pytest.fixture
def family() -> Iterator[list[int]]:
    """The pids of a process, of its child with a session of its own, and of an orphan in its session."""
    with subprocess.Popen([sys.executable, "-c", NESTED], stdout=subprocess.PIPE, text=True, start_new_session=True) as root:
        assert root.stdout is not None
        members = [root.pid, *map(int, root.stdout.readline().split())]
        yield members
        end(members)


def status(pid: int) -> str:
    """What the system says of it; "zombie" too when it is gone already: an orphan is reaped at any moment."""
    try:
        return psutil.Process(pid).status()
    except psutil.NoSuchProcess:
        return psutil.STATUS_ZOMBIE


def end(pids: list[int]) -> None:
    for pid in pids:
        if status(pid) != psutil.STATUS_ZOMBIE:
            psutil.Process(pid).kill()


def come_to(pids: list[int], wanted: str) -> bool:
    return wait_for(lambda: all(status(pid) == wanted for pid in pids), f"all are {wanted}", 5.0)


def test_a_stop_and_its_end_reach_every_one(family: list[int]) -> None:
    signal_tree(family[0], signal.SIGSTOP)
    assert come_to(family, psutil.STATUS_STOPPED)
    signal_tree(family[0], signal.SIGCONT)
    assert come_to(family, psutil.STATUS_SLEEPING)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_end_reaches_every_one(family: list[int], number: int) -> None:
    signal_tree(family[0], number)
    assert come_to(family, psutil.STATUS_ZOMBIE)


def test_no_fork_slips_through_a_kill(tmp_path: Path) -> None:
    """It forks children with sessions of their own all the time while it is killed."""
    told = tmp_path / "children"
    with subprocess.Popen([sys.executable, "-S", "-E", "-c", FORKS, str(told)], start_new_session=True) as root:
        wait_for(lambda: told.exists() and len(told.read_text().splitlines()) > 5, "it forks")
        signal_tree(root.pid, signal.SIGKILL)
        assert root.wait() == -signal.SIGKILL
    children = [int(line) for line in told.read_text().splitlines()]
    try:
        assert come_to(children, psutil.STATUS_ZOMBIE)
    finally:
        end(children)


def test_one_that_is_gone_is_no_error() -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    signal_tree(gone.pid, signal.SIGKILL)
