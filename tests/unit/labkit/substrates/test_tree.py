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
def family() -> Iterator[list[psutil.Process]]:
    """A process, its child with a session of its own, and one of its session that is an orphan."""
    with subprocess.Popen([sys.executable, "-c", NESTED], stdout=subprocess.PIPE, text=True, start_new_session=True) as root:
        assert root.stdout is not None
        members = [psutil.Process(int(pid)) for pid in (root.pid, *root.stdout.readline().split())]
        yield members
        for member in members:
            if member.is_running():
                member.kill()


def is_over(process: psutil.Process) -> bool:
    return not process.is_running() or process.status() == psutil.STATUS_ZOMBIE


def test_a_stop_and_its_end_reach_every_one(family: list[psutil.Process]) -> None:
    signal_tree(family[0].pid, signal.SIGSTOP)
    wait_for(lambda: all(one.status() == psutil.STATUS_STOPPED for one in family), "all of them stand still")
    signal_tree(family[0].pid, signal.SIGCONT)
    wait_for(lambda: all(one.status() == psutil.STATUS_SLEEPING for one in family), "all of them go on")


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_an_end_reaches_every_one(family: list[psutil.Process], number: int) -> None:
    signal_tree(family[0].pid, number)
    wait_for(lambda: all(map(is_over, family)), "all of them are gone")


def test_no_fork_slips_through_a_kill(tmp_path: Path) -> None:
    """It forks a child with a session of its own, thousands a second, while it is killed."""
    told = tmp_path / "children"
    with subprocess.Popen([sys.executable, "-S", "-E", "-c", FORKS, str(told)], start_new_session=True) as root:
        wait_for(lambda: told.exists() and len(told.read_text().splitlines()) > 5, "it forks")
        signal_tree(root.pid, signal.SIGKILL)
        assert root.wait() == -signal.SIGKILL
    children = [int(pid) for pid in told.read_text().splitlines()]
    left = [psutil.Process(pid) for pid in children if psutil.pid_exists(pid)]
    try:
        wait_for(lambda: all(map(is_over, left)), "its children are gone", 2.0)
    finally:
        for one in left:
            if not is_over(one):
                one.kill()


def test_one_that_is_gone_is_no_error() -> None:
    with subprocess.Popen(["true"]) as gone:
        pass
    signal_tree(gone.pid, signal.SIGKILL)
