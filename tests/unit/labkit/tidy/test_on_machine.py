"""Labs are found by their folders and by the label on their processes."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from labkit.substrates import leftovers, proc
from labkit.tidy import on_machine as module
from labkit.tidy.found import FoundLab, moment_of
from labkit.tidy.on_machine import labs_on_machine

DEAD = {"pid": 1 << 30, "start": "1"}
pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="labels on processes are read from /proc")


def me() -> dict[str, Any]:
    return {"pid": os.getpid(), "start": proc.start_time(os.getpid())}


@pytest.fixture(autouse=True)
def base(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where this test's labs have their folders; the machine's others have theirs elsewhere."""
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path))
    folder = Path(leftovers.base_folder())
    folder.mkdir(mode=0o700)
    return folder


def lab(base: Path, name: str, **register: Any) -> Path:
    folder = base / name
    folder.mkdir()
    leftovers.write(str(folder), {"owner": DEAD, "supervisor": DEAD, "processes": [], "engine": None, **register})
    return folder


@contextmanager
def process(**environment: str) -> Iterator[int]:
    """One that waits until it is ended."""
    with subprocess.Popen([sys.executable, "-c", "print(flush=True); input()"], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={**os.environ, **environment}) as one:
        assert one.stdout
        one.stdout.readline()
        yield one.pid
        one.kill()


def found(name: str) -> FoundLab | None:
    return next((one for one in labs_on_machine() if one.name == name), None)


@pytest.mark.parametrize(("alive", "state"), [({"owner"}, "alive"), ({"supervisor"}, "ending"), ({"owner", "supervisor"}, "alive"),
                                              (set(), "left")])
def test_a_lab_is_alive_with_its_owner_ending_with_its_supervisor_alone_and_else_left(
        base: Path, alive: set[str], state: str) -> None:
    lab(base, "1-ab", **{who: me() for who in alive})
    one = found("1-ab")
    assert one is not None
    assert one.state == state


def test_what_runs_for_it_is_listed_by_register_and_by_label_and_what_has_ended_is_not(base: Path) -> None:
    with process() as registered, process(LABKIT_LAB="1-ab") as labelled, process(LABKIT_LAB="2-cd") as other:
        start = proc.start_time(registered)
        lab(base, "1-ab", owner=me(), processes=[{"pid": registered, "start": start, "name": "stock-1"},
                                                 {"pid": other, "start": "another time", "name": "gone"}])
        one = found("1-ab")
        assert one is not None
        names = {process.pid: process.name for process in one.processes}
        assert names.keys() == {registered, labelled}
        assert names[registered] == "stock-1"


def test_a_lab_whose_folder_lies_elsewhere_is_found_by_what_its_processes_were_started_with(
        base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(base, "1-ab", owner=me())
    with process(LABKIT_LAB="1-ab"):
        monkeypatch.setenv("LABKIT_TMP", str(tmp_path / "elsewhere"))
        one = found("1-ab")
        assert one is not None
        assert (one.state, one.folder) == ("alive", str(base / "1-ab"))
    assert found("1-ab") is None


def test_processes_whose_lab_has_no_folder_are_left_unless_something_has_the_owners_pid(base: Path) -> None:
    with process(LABKIT_LAB=f"{1 << 30}-ab"), process(LABKIT_LAB=f"{os.getpid()}-cd"):
        left, ending = found(f"{1 << 30}-ab"), found(f"{os.getpid()}-cd")
        assert left is not None
        assert ending is not None
        assert (left.state, left.folder, len(left.processes)) == ("left", None, 1)
        assert ending.state == "ending"


def test_processes_of_another_user_are_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    with process(LABKIT_LAB=f"{1 << 30}-ab"):
        monkeypatch.setattr(module.os, "getuid", lambda: os.geteuid() + 1)
        assert found(f"{1 << 30}-ab") is None


def test_a_folder_of_another_user_is_not_believed(base: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lab(base, "1-ab")
    (tmp_path / "linked").mkdir()
    (tmp_path / "linked" / base.name).symlink_to(base)
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path / "linked"))
    assert found("1-ab") is None


def test_a_folder_without_a_register_is_of_a_lab_that_begins_until_it_is_old(base: Path) -> None:
    (base / "1-ab").mkdir()
    (base / "1-cd").mkdir()
    os.utime(base / "1-cd", (time.time() - 3600,) * 2)
    states = {one.name: one.state for one in labs_on_machine()}
    assert (states["1-ab"], states["1-cd"]) == ("alive", "left")


def test_an_engine_in_the_register_is_looked_at(base: Path) -> None:
    lab(base, "1-ab", engine={"address": "unix:///some.sock", "lab": "1-ab"})
    one = found("1-ab")
    assert one is not None
    assert one.engines == ["unix:///some.sock"]


def test_when_a_process_began_is_known_from_its_start_time_alone() -> None:
    moment = moment_of(os.getpid(), proc.start_time(os.getpid()))
    assert moment is not None
    assert 0 <= time.time() - moment < 3600
    assert moment_of(1 << 30, proc.start_time(os.getpid())) == moment


def test_a_lab_that_ended_while_it_was_looked_at_is_not_listed(base: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def folders(_: Mapping[str, str]) -> dict[str, str]:
        return {"1-ab": str(base / "1-ab")}

    monkeypatch.setattr(module, "_folders", folders)
    assert found("1-ab") is None
