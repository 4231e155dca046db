"""However a lab's owner ends, and whatever the engine does in between, nothing of the lab is left on the engine."""

from __future__ import annotations

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from tests.support import docker_engine as engines
from tests.support.kills import DOCKER_AFTER, kill_at, moments
from tests.support.owners import Owner, owner
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(300)]
SECONDS = 6.0  # within two on a quiet machine, which ./run bench and ./run soak hold it to; an engine has others to serve
BASE = "redis:7.2.16-bookworm"


@pytest.fixture
def where(docker_engine: str) -> dict[str, str]:
    """What an owner is told, so that its labs run on the engine."""
    return {"LABKIT_SUBSTRATE": "docker", "DOCKER_HOST": docker_engine}


@pytest.fixture
def stranger(docker_client: docker.DockerClient) -> Iterator[str]:
    """A container of somebody else, which no lab may touch."""
    container = docker_client.containers.run(BASE, ["sleep", "300"], detach=True, network_mode="none", init=True,
                                             labels={"somebody": "else"})
    yield str(container.id)
    assert docker_client.containers.get(str(container.id)).status == "running"
    container.remove(force=True)


def test_nothing_is_left_when_the_lab_is_closed_and_the_owner_lives_on(tmp_path: Path, where: dict[str, str]) -> None:
    with owner(tmp_path, "close_when_told", **where) as one:
        _look(one)
        one.process.send_signal(signal.SIGUSR1)
        one.reach("closed")
        one.remains.assert_gone(0.1, but=one.process.pid)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_nothing_is_left_when_the_owner_is_ended_by_a_signal(
        tmp_path: Path, where: dict[str, str], stranger: str, number: int) -> None:
    with owner(tmp_path, "wait", **where) as one:
        _look(one)
        one.process.send_signal(number)
        one.finish()
        one.remains.assert_gone(SECONDS)


@pytest.mark.needs("etcd")
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGKILL])
def test_what_a_system_has_kept_is_gone_with_its_lab(tmp_path: Path, where: dict[str, str], number: int) -> None:
    with owner(tmp_path, "keep", **where) as one:
        one.reach("waiting")
        one.look()
        assert [line.partition(" ")[0] for line in one.remains.contained()].count("volume") == 1
        one.process.send_signal(number)
        one.finish()
        one.remains.assert_gone(SECONDS)


@pytest.mark.parametrize("number", range(10))
def test_nothing_is_left_when_the_owner_is_killed_at_any_moment(tmp_path: Path, where: dict[str, str], number: int) -> None:
    moment = list(moments(10, random.randrange(1 << 30), DOCKER_AFTER))[number]
    print(moment)
    kill_at(moment, tmp_path, SECONDS, **where)


def test_nothing_is_left_when_the_supervisor_is_killed_under_a_living_owner(tmp_path: Path, where: dict[str, str]) -> None:
    with owner(tmp_path, "wait", **where) as one:
        _look(one)
        one.supervisor().kill()
        one.remains.assert_gone(SECONDS, but=one.process.pid)


def test_the_next_lab_sweeps_up_what_was_orphaned_and_touches_nobody_else(
        tmp_path: Path, where: dict[str, str], stranger: str) -> None:
    with owner(tmp_path, "wait", **where) as one, owner(tmp_path, "wait", **where) as living:
        _look(one)
        _look(living)
        before = living.remains.contained()
        one.kill_with_supervisor()
        assert one.remains.contained()
        with owner(tmp_path, "close", **where) as another:
            another.reach("opened")
            wait_for(lambda: not one.remains.contained(), "the next lab has swept", 5.0)
            another.reach("closed")  # or the test's end would kill it with its supervisor
        assert living.remains.contained() == before
        living.process.kill()
        living.finish()
        living.remains.assert_gone(SECONDS)


def test_an_engine_that_starts_again_under_a_lab_leaves_nothing_of_it(tmp_path: Path, where: dict[str, str]) -> None:
    with owner(tmp_path, "wait", **where) as one:
        _look(one)
        with engines.stopped():
            pass
        one.process.kill()
        one.finish()
        one.remains.assert_gone(SECONDS)


def test_the_owner_killed_while_the_engine_is_down_leaves_nothing_once_it_is_back(tmp_path: Path, where: dict[str, str]) -> None:
    with owner(tmp_path, "wait", **where) as one:
        _look(one)
        with engines.stopped():
            one.process.kill()
            one.finish()
        one.remains.assert_gone(SECONDS)


def test_a_close_without_an_engine_says_what_is_left_and_the_next_lab_ends_it(tmp_path: Path, where: dict[str, str]) -> None:
    with owner(tmp_path, "close_when_told", **where) as one:
        _look(one)
        with engines.stopped():
            one.process.send_signal(signal.SIGUSR1)
            one.reach("closed")
        assert "the Docker engine does not answer" in one.output
        with owner(tmp_path, "close", **where) as another:
            another.reach("closed")
            wait_for(lambda: not one.remains.contained(), "the next lab has swept", 5.0)


def _look(one: Owner) -> None:
    """It runs, and what it has made is known: five services, a proxy, a network."""
    one.reach("waiting")
    one.look()
    assert len(one.remains.contained()) == 7
