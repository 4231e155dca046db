"""A notebook's kernel is restarted, interrupted, shut down or killed: nothing of its lab is left behind."""

from __future__ import annotations

import os
import re
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


# What a mistake in a cell looks like


MISTAKES = [
    ("lab.service('tinny')", "There is no service “tinny”", "裡沒有服務「tinny」"),
    ("lab.service('raises')", "raises-1 ended while it started (exit status 1).", "raises-1 在啟動時就結束了（結束狀態 1）。"),
    ("lab.claim('avalanche.vertikal', True)", "There is no claim “avalanche.vertikal”.", "沒有名為「avalanche.vertikal」的主張。"),
    ("lab.link(tiny, parent)", "tiny does not call parent in this lab", "在這個實驗中 tiny 沒有調用 parent"),
    ("lab.load(tiny, '/ping', rate=0, seconds=1)", "A rate of 0 requests a second cannot be", "速率不能是每秒 0 個請求"),
    ("lab.load(tiny, '/ping', rate=1e6, seconds=1)", "1,000,000 requests a second are beyond reach", "每秒 1,000,000 個請求辦不到"),
    ("lab.load(tiny, '/ping', rate=9, seconds=9, faults=dead[0].pause(at=0.1))", '"dead-1" is not running',
     "「dead-1」沒有在執行"),
    ("dead.latency(1.0)", '"dead" is not running', "「dead」沒有在執行"),
    ("old.get('/ping')", "This lab is closed", "這個實驗已經結束"),
    ("lab.load(old, '/ping', rate=9, seconds=9)", "This tiny was started in an earlier lab", "這個 tiny 是在先前的實驗裡啟動的"),
    ("lab.service('parent', calls=gone)", "parent calls gone, which does not run in this lab",
     "parent 調用 gone，但這個實驗裡沒有執行 gone"),
]
NO_LAB = [("os.environ['LABKIT_TMP'] = '/dev/null'; Lab()", "The lab's folder /dev/null/labkit-",
           "無法建立實驗資料夾 /dev/null/labkit-")]


def test_a_set_up_cell_that_is_run_twice_leaves_one_lab(notebook: Kernel, remains: Remains) -> None:
    before, folders = remains.alive(), remains.folders()
    notebook.run(SET_UP)
    left = before & remains.look()
    assert left == {psutil.Process(notebook.pid)}
    assert len(remains.alive()) == len(before)
    assert (len(folders), len(remains.folders()), folders == remains.folders()) == (1, 1, False)
    assert notebook.value("tiny.get('/ping').status_code, parent.get('/ping').status_code") == "200 200"


def test_each_mistake_ends_with_its_sentence_and_no_other_error_before_it(notebook: Kernel, remains: Remains) -> None:
    """As a reader sees it, in either language; the cells are run out of order and twice on the way."""
    notebook.run("import os; gone = lab.service('gone', app='tests.support.services.tiny:app'); old = tiny")
    notebook.run(SET_UP + "dead = lab.service('dead', app='tests.support.services.tiny:app'); dead.kill()")
    for cells in (MISTAKES, NO_LAB):
        for number, language in enumerate(("en", "zh-Hant")):
            notebook.run(f"os.environ['LABKIT_LANGUAGE'] = '{language}'")
            for cell, *sentences in cells:
                _says(notebook, cell, sentences[number])


def _says(notebook: Kernel, cell: str, sentence: str) -> None:
    with pytest.raises(CellError) as told:
        notebook.run(cell)
    shown = re.sub(r"\x1b\[[\d;]*m", "", str(told.value))
    assert sentence in shown.splitlines()[-1], shown
    assert shown.count("Traceback (most recent call last)") == 1, shown
