"""Several labs at once on one machine, as one user and as two: none meets another's, and each ends alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.support.crowd import belongings, shared
from tests.support.on import SUBSTRATES, on
from tests.support.owners import Owner
from tests.support.users import User, available, others
from tests.support.waiting import wait_for

MANY = 4
ROUNDS = 20
pytestmark = [pytest.mark.timeout(300)]
of_others = pytest.mark.skipif(not available(), reason="another user's process can be started by root alone")


@pytest.fixture
def place(tmp_path: Path) -> Path:
    """Where all have their folders, as all have them in /tmp."""
    folder = tmp_path / "tmp"
    folder.mkdir()
    folder.chmod(0o1777)
    return folder


@pytest.fixture
def ends() -> Iterator[ExitStack]:
    """Whatever a failed test leaves is ended."""
    with ExitStack() as stack:
        yield stack


@pytest.mark.parametrize("users", [1, pytest.param(2, marks=of_others)])
@pytest.mark.parametrize("substrate", SUBSTRATES)
def test_labs_at_the_same_time_have_nothing_in_common_and_end_alone(
        request: pytest.FixtureRequest, substrate: str, users: int, place: Path, tmp_path: Path, ends: ExitStack) -> None:
    with on(request, substrate):
        where = {"LABKIT_SUBSTRATE": substrate}
        engine = request.getfixturevalue("docker_engine") if substrate == "docker" else ""
        owners: list[User | None] = [None] if users == 1 else list(others(users, tmp_path, engine))
        crowd = [_neighbour(place, f"owner-{number}", owners[number % users], ends, where | {"DOCKER_HOST": engine})
                 for number in range(MANY)]
        for one in crowd:
            _has_asked(one, ROUNDS)
        have = [belongings(one) for one in crowd]
        kinds = {"folder", "socket"} | ({"port", "label", "container", "network"} if engine else set())
        assert all({thing.split()[0] for thing in each} == kinds for each in have)
        assert shared(have) == []
        for number, one in enumerate(crowd):
            one.process.kill()
            one.finish()
            one.remains.assert_gone(folders=False)
            wait_for(lambda gone=one: not any(thing.startswith("folder") for thing in belongings(gone)), "its folder is gone", 2.0)
            for other, before in zip(crowd[number + 1:], have[number + 1:], strict=True):
                assert before <= belongings(other)
                _has_asked(other, ROUNDS)
        assert crowd[0].remains.folders() == []


@of_others
@pytest.mark.needs("docker engine")
def test_a_user_to_whom_the_engine_is_not_permitted_is_told_so_and_gets_local_processes(
        docker_engine: str, place: Path, tmp_path: Path, ends: ExitStack) -> None:
    stranger, = others(1, tmp_path)
    one = _neighbour(place, "stranger", stranger, ends, {"LABKIT_SUBSTRATE": "", "DOCKER_HOST": docker_engine})
    _has_asked(one, 1)
    assert re.search(r"Services run as local processes, .*: the Docker engine's socket \S+ is not permitted to you: "
                     r"sudo usermod -aG docker", one.output)
    one.process.kill()
    one.finish()
    one.remains.assert_gone()


def _neighbour(place: Path, whose: str, user: User | None, ends: ExitStack, variables: dict[str, str]) -> Owner:
    one = Owner(place, ["-m", "tests.support.neighbour", whose], user, **variables)
    ends.callback(one.process.wait, 10)
    ends.callback(one.remains.end)
    return one


def _has_asked(one: Owner, more: int) -> None:
    """It asks so many times more, and nobody else's service answers."""
    until = int((one.stages.get("asked") or ["0"])[0]) + more
    wait_for(lambda: int((one.stages.get("asked") or ["0"])[0]) >= until or one.ended.is_set(),
             f"{until} times asked\n{one.output}", 120)
    assert not one.ended.is_set(), one.output
