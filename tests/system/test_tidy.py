"""``labkit ps`` and ``labkit clean`` on real labs: one killed together with its supervisor, beside one that lives."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.support.owners import ROOT, Owner, environment, owner
from tests.support.waiting import wait_for

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nothing outlives its supervisor's register")


def labkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """The command as a reader gives it, where nobody can be asked. Labs are named: other labs may run on this machine."""
    return subprocess.run([sys.executable, "-m", "labkit", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, env={**environment("none", folder), "DOCKER_HOST": f"unix://{folder}/none.sock"})


def listed(folder: Path, lab: str) -> dict[str, Any] | None:
    done = labkit(folder, "ps", "--json")
    assert done.returncode == 0, done.stderr
    return next((one for one in json.loads(done.stdout)["labs"] if one["lab"] == lab), None)


@contextmanager
def running(folder: Path) -> Iterator[tuple[Owner, str]]:
    """An owner whose lab is open, and the lab's name."""
    with owner(folder, "wait") as one:
        one.reach("waiting")
        one.look()
        yield one, one.remains.folders()[0].name


def test_what_a_killed_owner_and_supervisor_left_is_listed_and_ended_and_a_living_lab_is_untouched(tmp_path: Path) -> None:
    (tmp_path / "living").mkdir()
    (tmp_path / "dead").mkdir()
    with running(tmp_path / "living") as (living, alive), running(tmp_path / "dead") as (dead, gone):
        children = set(map(int, dead.stages["serving"]))
        before = living.look()
        dead.kill_with_supervisor()
        wait_for(lambda: {process.pid for process in dead.remains.alive()} <= children, "all services ended", 2.0)
        left = {process.pid for process in dead.remains.alive()}
        assert left, "a daemon that a service had started has nobody to end it"

        lab = listed(tmp_path / "dead", gone)
        assert lab is not None
        assert (lab["state"], lab["owner"]) == ("left", dead.process.pid)
        assert {process["pid"] for process in lab["processes"]} == left
        assert "left behind" in labkit(tmp_path / "dead", "ps").stdout

        dry = labkit(tmp_path / "dead", "clean", "--dry-run", gone)
        assert dry.stdout == f"Would end of lab {gone}: {len(left)} process(es), its folder.\n"
        assert {process.pid for process in dead.remains.alive()} == left

        done = labkit(tmp_path / "dead", "clean", gone)
        assert (done.returncode, done.stdout) == (0, f"Ended of lab {gone}: {len(left)} process(es), its folder.\n")
        dead.remains.assert_gone(0.1)
        assert listed(tmp_path / "dead", gone) is None
        one = listed(tmp_path / "living", alive)
        assert one is not None
        assert one["state"] == "alive"
        assert living.look() == before


def test_a_living_lab_is_found_from_wherever_one_looks_and_never_taken_for_left(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    with running(tmp_path) as (one, name):
        lab = listed(tmp_path / "elsewhere", name)
        assert lab is not None
        assert (lab["state"], lab["owner"]) == ("alive", one.process.pid)
        assert {"supervisor", "tiny-1", "parent-1", "daemon-1"} <= {process["name"] for process in lab["processes"]}
        assert {process["pid"] for process in lab["processes"]} == {process.pid for process in one.look()}
        refused = labkit(tmp_path, "clean", name)
        assert refused.returncode == 2
        assert f"Still alive: {name}" in refused.stderr
        assert one.remains.folders()


def test_a_living_lab_is_ended_only_with_all_and_yes_and_its_owner_lives_on(tmp_path: Path) -> None:
    with running(tmp_path) as (one, name):
        assert labkit(tmp_path, "clean", "--all", name).returncode == 2
        assert one.remains.folders()
        done = labkit(tmp_path, "clean", "--all", "--yes", name)
        assert (done.returncode, done.stdout.startswith(f"Ended of lab {name}: ")) == (0, True)
        one.remains.assert_gone(but=one.process.pid)
        assert one.process.poll() is None


def test_processes_of_a_lab_whose_folder_is_gone_too_are_ended_by_their_label(tmp_path: Path) -> None:
    with running(tmp_path) as (one, name):
        one.kill_with_supervisor()
        one.remains.folders()[0].rename(tmp_path / "moved")
        lab = listed(tmp_path, name)
        assert lab is not None
        assert (lab["state"], lab["folder"]) == ("left", None)
        assert labkit(tmp_path, "clean", name).returncode == 0
        one.remains.assert_gone(0.1)
