"""A notebook's kernel is restarted, interrupted, shut down or killed: nothing of its lab is left behind."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.support.kernel import CellError, Kernel, kernel
from tests.support.remains import Remains
from tests.support.waiting import wait_for

SET_UP = """
from labkit import Lab
lab = Lab(package="tests.support.services")
tiny = lab.service("tiny", instances=2)
parent = lab.service("parent", calls=tiny)
daemon = lab.service("daemon", calls=tiny)
"""


@pytest.fixture
def notebook(remains: Remains, tmp_path: Path) -> Iterator[Kernel]:
    """A kernel with a lab that runs."""
    with kernel(remains.mark, tmp_path) as one:
        one.run(SET_UP)
        remains.look()
        assert len(remains.seen) >= 10  # kernel, supervisor, template, proxy, four services, child and daemon
        yield one


@pytest.mark.parametrize("now", [False, True], ids=["by asking it", "at once"])
def test_restart(notebook: Kernel, remains: Remains, now: bool) -> None:
    notebook.client.stop_channels()
    notebook.manager.restart_kernel(now=now)
    remains.assert_gone(but=notebook.pid)
    notebook.connect()
    notebook.run(SET_UP)  # and the reader goes on


@pytest.mark.parametrize("now", [False, True], ids=["by asking it", "at once"])
def test_shut_down(notebook: Kernel, remains: Remains, now: bool) -> None:
    notebook.client.stop_channels()
    notebook.manager.shutdown_kernel(now=now)
    remains.assert_gone()


def test_kill_in_the_middle_of_a_load(notebook: Kernel, remains: Remains) -> None:
    _begin_load(notebook, remains)
    os.kill(notebook.pid, signal.SIGKILL)
    remains.assert_gone()


def test_restart_in_the_middle_of_a_load(notebook: Kernel, remains: Remains) -> None:
    _begin_load(notebook, remains)
    notebook.client.stop_channels()
    notebook.manager.restart_kernel(now=False)
    remains.assert_gone(but=notebook.pid)


def test_interrupt_of_a_load_ends_the_load_and_nothing_else(notebook: Kernel, remains: Remains) -> None:
    notebook.run("planned = lab.link('users', tiny).latency(0.1, at=0.0)")
    before = remains.alive()
    cell = _begin_load(notebook, remains, faults=", faults=planned")
    notebook.manager.interrupt_kernel()
    with pytest.raises(CellError) as interrupted:
        notebook.end(cell)
    assert interrupted.value.name == "KeyboardInterrupt"
    wait_for(lambda: remains.alive() == before, "the load's process is gone, and every other is there", 2.0)
    assert notebook.value("planned.active, tiny.get('/health').status_code") == "False 200"


def test_interrupt_of_a_start_ends_what_was_starting_and_nothing_else(notebook: Kernel, remains: Remains) -> None:
    before = remains.alive()
    cell = notebook.begin("lab.service('mute')")
    wait_for(lambda: remains.alive() - before, "it is starting")
    notebook.manager.interrupt_kernel()
    with pytest.raises(CellError) as interrupted:
        notebook.end(cell)
    assert interrupted.value.name == "KeyboardInterrupt"
    wait_for(lambda: remains.alive() == before, "it is gone, and every other is there", 2.0)
    assert notebook.value("tiny.get('/health').status_code") == "200"


def _begin_load(notebook: Kernel, remains: Remains, faults: str = "") -> str:
    """Begin a long load and wait until users are being served."""
    before = remains.alive()
    served = psutil.Process(int(notebook.value("tiny[0].pid"))).cpu_times
    cell = notebook.begin(f"lab.load(tiny, '/ping', rate=200, seconds=60{faults})")
    wait_for(lambda: remains.look() - before, "the load has a process")
    start = served().user
    wait_for(lambda: served().user > start + 0.1, "requests arrive")
    return cell
