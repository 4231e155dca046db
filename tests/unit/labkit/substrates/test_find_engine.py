"""Why an engine cannot be used, and the one command that helps."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from docker.errors import DockerException

from labkit.substrates import find_engine as module
from labkit.substrates.find_engine import NoEngine, engine_version

_PERMISSION = "Error while fetching server version: ('Connection aborted.', PermissionError(13, 'Permission denied'))"


def trouble(address: str) -> NoEngine:
    with pytest.raises(NoEngine) as refused:
        engine_version(address)
    return refused.value


def refusing(monkeypatch: pytest.MonkeyPatch, said: str) -> None:
    def refuse(**_: Any) -> None:
        raise DockerException(said)

    monkeypatch.setattr(module.docker, "APIClient", refuse)


def test_where_nobody_answers_the_address_is_told_and_how_to_start_or_get_one(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "platform", "linux")
    monkeypatch.setattr(module.shutil, "which", lambda _: "/usr/sbin/dockerd")
    none = trouble(f"unix://{tmp_path}/none.sock")
    assert none.cause.en == f"no Docker engine answers at unix://{tmp_path}/none.sock"
    assert none.text.en == f"{none.cause.en} (to use it: {none.command})"
    assert none.command.endswith(("systemctl start docker", "service docker start"))
    monkeypatch.setattr(module.shutil, "which", lambda _: None)
    monkeypatch.setattr(module.os.path, "exists", lambda _: False)
    monkeypatch.setattr(module, "install_command", lambda **packages: f"install {packages['debian']}")
    assert trouble(f"unix://{tmp_path}/none.sock").text.en.endswith("(to have one: install docker.io)")
    monkeypatch.setattr(module, "install_command", lambda **_: "")
    assert trouble(f"unix://{tmp_path}/none.sock").command == ""
    assert "docs.docker.com" in trouble(f"unix://{tmp_path}/none.sock").text.en


def test_a_socket_that_is_not_permitted_is_told_apart_from_an_engine_that_is_down(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, _PERMISSION)
    monkeypatch.setattr(module, "own_container", lambda: None)
    none = trouble("unix:///var/run/docker.sock")
    assert none.cause.en == "the Docker engine's socket /var/run/docker.sock is not permitted to you"
    assert none.command == "sudo usermod -aG docker $USER"
    assert none.text.zh == "你沒有 Docker 引擎的 socket /var/run/docker.sock 的權限：sudo usermod -aG docker $USER，再重新登入"


def test_in_a_container_a_socket_is_permitted_by_how_that_is_started(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, _PERMISSION)
    monkeypatch.setattr(module, "own_container", lambda: "0" * 64)
    none = trouble("unix:///var/run/docker.sock")
    assert none.text.en.endswith("to this container's user: start the container with DOCKER_GID=$(stat -c %g /var/run/docker.sock)")
    assert none.command == ""


@pytest.mark.parametrize(("variable", "command"), [
    ("tcp://elsewhere:2375", "unset DOCKER_HOST"), ("", "docker context use default")])
def test_an_engine_on_another_machine_is_no_use(monkeypatch: pytest.MonkeyPatch, variable: str, command: str) -> None:
    monkeypatch.setenv("DOCKER_HOST", variable)
    none = trouble("tcp://elsewhere:2375")
    assert "is on another machine" in none.text.en
    assert none.command == command


def test_on_a_mac_docker_desktop_is_started_or_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    refusing(monkeypatch, "no such file")
    monkeypatch.setattr(module.sys, "platform", "darwin")
    monkeypatch.setattr(module.os.path, "isdir", lambda path: path == "/Applications/Docker.app")
    assert trouble("unix:///x.sock").command == "open -a Docker"
    monkeypatch.setattr(module.os.path, "isdir", lambda _: False)
    assert trouble("unix:///x.sock").command == "brew install --cask docker-desktop"
