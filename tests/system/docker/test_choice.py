"""Containers where an engine answers, local processes where none does: chosen, said why, and refused where it cannot be."""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from labkit import Lab
from labkit.faults.injection import RefusedError
from labkit.substrates.find_engine import NoEngine
from tests.support.lab import watched
from tests.support.owners import ROOT
from tests.support.says import says

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(300)]
PACKAGE = "tests.support.services"


@contextlib.contextmanager
def nowhere(folder: Path) -> Iterator[None]:
    """An engine is looked for where there is none."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", f"unix://{folder}/none.sock")
        yield


def test_no_engine_where_containers_were_asked_for(tmp_path: Path) -> None:
    with watched(tmp_path), nowhere(tmp_path), says(NoEngine, f"no Docker engine answers at unix://{tmp_path}/none.sock", "(to "):
        Lab(package=PACKAGE, substrate="docker")


def test_no_engine_where_nothing_was_asked_for_is_a_reason_for_processes(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("LABKIT_SUBSTRATE")
    with watched(tmp_path), nowhere(tmp_path), Lab(package=PACKAGE) as lab:
        told = capsys.readouterr().out
        assert lab.service("tiny").get("/ping").status_code == 200
    assert "Services run as local processes" in told
    assert "no Docker engine answers at" in told


def test_an_engine_that_answers_is_chosen_and_said(
        docker_engine: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("DOCKER_HOST", docker_engine)
    monkeypatch.delenv("LABKIT_SUBSTRATE")
    version = docker.DockerClient(base_url=docker_engine).version()["Version"]
    with watched(tmp_path), Lab(package=PACKAGE):
        pass
    assert f"Services run as Docker containers: its engine, version {version}, answers." in capsys.readouterr().out


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody who is not permitted")
def test_a_socket_that_is_not_permitted(docker_engine: str, tmp_path: Path) -> None:
    tmp_path.chmod(0o777)
    code = ("import os, sys; sys.path[:0] = sys.argv[1:3]\n"
            "from labkit.substrates.find_engine import engine_version, NoEngine\n"
            "os.setuid(65534)\n"
            "try: engine_version(sys.argv[3])\n"
            "except NoEngine as none: print(none)")
    told = subprocess.run([sys.executable, "-c", code, str(ROOT), str(ROOT / "labs"), docker_engine], capture_output=True,
                          text=True, check=True).stdout
    assert "is not permitted to you: sudo usermod -aG docker $USER, then log in again" in told


@pytest.mark.parametrize("fault", ["throttle", "disconnect"])
def test_local_processes_refuse_what_only_containers_can(fault: str, tmp_path: Path) -> None:
    with watched(tmp_path), Lab(package="tests.support.services", substrate="process") as lab:
        one = lab.service("tiny")[0]
        with pytest.raises(RefusedError, match="LABKIT_SUBSTRATE=docker"):
            one.throttle(0.1) if fault == "throttle" else one.disconnect()
        assert one.get("/ping").status_code == 200
