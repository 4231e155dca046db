"""Whether this Python runs in a container, and in which."""

from __future__ import annotations

from pathlib import Path

import docker
import pytest

from labkit.substrates import find_engine, inside
from labkit.substrates.find_engine import NoEngine, engine_version
from labkit.substrates.inside import in_container, own_container

ID = "0123456789abcdef" * 4
PROC = "21 20 0:5 / /proc rw - proc proc rw"


@pytest.fixture
def container(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What stands in the mounts of a container."""
    (tmp_path / "mark").touch()
    monkeypatch.setattr(inside, "_MARKS", (str(tmp_path / "mark"),))
    return tmp_path / "mountinfo"


@pytest.mark.parametrize("folder", ["/var/lib/docker/containers", "/srv/me/containers/storage/overlay-containers"])
def test_a_container_knows_its_id_by_the_files_that_its_engine_puts_into_it(container: Path, folder: str) -> None:
    container.write_text(f"{PROC}\n22 20 8:1 {folder}/{ID}/hostname /etc/hostname rw - ext4 x rw\n", "utf-8")
    assert in_container()
    assert own_container(str(container)) == ID


def test_one_that_has_no_such_files_is_a_container_all_the_same(container: Path) -> None:
    container.write_text(PROC, "utf-8")
    assert (in_container(), own_container(str(container)), own_container(str(container) + ".none")) == (True, None, None)


def test_outside_of_one_nothing_is_looked_for(container: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    container.write_text(f"22 20 8:1 /var/lib/docker/containers/{ID}/hostname /etc/hostname rw - ext4 x rw\n", "utf-8")
    monkeypatch.setattr(inside, "_MARKS", (str(container) + ".none",))
    assert (in_container(), own_container(str(container))) == (False, None)


class Engine:
    """An engine that knows one container, with this network."""

    def __init__(self, network: str | None) -> None:
        self._network = network

    def __enter__(self) -> Engine:
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def version(self, api_version: bool) -> dict[str, str]:
        return {"ApiVersion": "1.45", "Version": "26.1"}

    def inspect_container(self, container: str) -> dict[str, dict[str, str]]:
        if self._network is None:
            raise docker.errors.NotFound(container)
        return {"HostConfig": {"NetworkMode": self._network}}


@pytest.mark.parametrize(("here", "network"), [(None, None), (ID, "host"), (ID, None)])
def test_an_engine_is_used_where_its_loopback_is_this_one(
        monkeypatch: pytest.MonkeyPatch, here: str | None, network: str | None) -> None:
    monkeypatch.setattr(find_engine, "own_container", lambda: here)
    monkeypatch.setattr(docker, "APIClient", lambda **_: Engine(network))
    assert engine_version("unix:///var/run/docker.sock") == "26.1"


def test_a_container_of_that_engine_with_a_network_of_its_own_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(find_engine, "own_container", lambda: ID)
    monkeypatch.setattr(docker, "APIClient", lambda **_: Engine("bridge"))
    with pytest.raises(NoEngine, match="on a network of its own"):
        engine_version("unix:///var/run/docker.sock")
