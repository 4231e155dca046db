"""However a lab's owner ends, nothing of the lab is left after two seconds."""

from __future__ import annotations

import random
import signal
from pathlib import Path

import psutil
import pytest

from tests.support.kills import kill_at, moments
from tests.support.owners import owner
from tests.support.waiting import wait_for


@pytest.mark.parametrize(("ending", "status"), [("leave", 0), ("stop", 3), ("fail", 1), ("vanish", 4)])
def test_nothing_is_left_when_the_owner_ends_by_itself(tmp_path: Path, ending: str, status: int) -> None:
    with owner(tmp_path, ending) as one:
        one.reach("paused")
        one.look()
        assert one.finish()[0] == status
        one.remains.assert_gone()


def test_nothing_is_left_when_the_lab_is_closed_and_the_owner_lives_on(tmp_path: Path) -> None:
    with owner(tmp_path, "close") as one:
        one.reach("paused")
        one.look()
        one.reach("closed")
        one.remains.assert_gone(0.1, but=one.process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
def test_nothing_is_left_when_the_owner_is_ended_by_a_signal(tmp_path: Path, number: int) -> None:
    with owner(tmp_path, "wait") as one:
        child, daemon = map(int, one.reach("serving"))
        one.reach("waiting")
        seen = {process.pid for process in one.look()}
        assert {child, daemon} <= seen  # or the test would not look at what it says it looks at
        assert len(one.remains.sockets) >= 6
        assert one.remains.folders()
        one.process.send_signal(number)
        one.finish()
        one.remains.assert_gone()


@pytest.mark.parametrize("number", range(10))
def test_nothing_is_left_when_the_owner_is_killed_at_any_moment(tmp_path: Path, number: int) -> None:
    moment = list(moments(10, seed=random.randrange(1 << 30)))[number]
    print(moment)
    kill_at(moment, tmp_path)


def test_nothing_is_left_when_the_supervisor_is_killed_under_a_living_owner(tmp_path: Path) -> None:
    with owner(tmp_path, "wait") as one:
        one.reach("waiting")
        one.look()
        one.supervisor().kill()
        one.remains.assert_gone(but=one.process.pid)


def test_the_next_lab_sweeps_up_when_owner_and_supervisor_are_killed_together(tmp_path: Path) -> None:
    """All that serves ends with the supervisor at once; what services had started themselves goes with the folder."""
    with owner(tmp_path, "wait") as one:
        children = set(map(int, one.reach("serving")))
        one.reach("waiting")
        one.look()
        folders = one.remains.folders()
        one.kill_with_supervisor()
        wait_for(lambda: {process.pid for process in one.remains.alive()} <= children, "all services ended", 2.0)
        assert one.remains.folders() == folders
        with owner(tmp_path, "close") as another:
            another.reach("closed")
            one.remains.assert_gone(0.1)


def test_a_lab_that_lives_is_not_swept(tmp_path: Path) -> None:
    with owner(tmp_path, "wait") as one, owner(tmp_path, "close") as another:
        one.reach("waiting")
        before = one.look()
        another.reach("closed")
        assert one.look() == before
        assert len(one.remains.folders()) == 1


def test_a_fork_of_the_owner_does_not_keep_the_lab_alive(tmp_path: Path) -> None:
    with owner(tmp_path, "fork_and_vanish") as one:
        one.reach("paused")
        one.look()
        fork = int(one.reach("forked")[0])
        one.process.wait(10)
        assert psutil.pid_exists(fork)
        one.remains.assert_gone(but=fork)


def test_the_end_of_a_fork_does_not_close_the_lab(tmp_path: Path) -> None:
    with owner(tmp_path, "fork_and_go_on") as one:
        assert one.reach("forked") == ["200"]
        one.reach("waiting")
        one.process.kill()
        one.remains.assert_gone()
