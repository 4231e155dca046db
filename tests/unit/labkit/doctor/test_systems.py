"""Every system of the catalogue, on each substrate."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, ClassVar, cast

import docker
import pytest
from docker.errors import ImageNotFound

from labkit.doctor import systems as module
from labkit.doctor.engine import Engine
from labkit.doctor.examine import examine
from labkit.doctor.systems import systems
from labkit.doctor.used import used_systems
from labkit.language import Text
from labkit.substrates.program import Program, Stack
from labkit.substrates.source import Maven
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.system import System

NONE = Engine("unix:///none", None, [])


@dataclass(frozen=True)
class Sieve(System):
    """A system that is not in the kit."""

    name: ClassVar[str] = "sieve"
    scheme: ClassVar[str] = "tcp"
    purpose: ClassVar[Text] = Text("sifts", "篩選")
    breaks: ClassVar[Text] = Text("its mesh", "篩網")
    licence: ClassVar[str] = "MIT"

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Sieve", "registry.example:5000/sieve:2.4.1-trixie", "sieve-server", 1,
                       version=("--version",), oldest=(2, 0), debian="sieve-pkg", brew="sieve-brew",
                       command=lambda place: [])

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return False

    def version(self, host: str, port: int) -> str:
        return ""


class Images:
    """Images by name, with their labels."""

    def __init__(self, **labels: str) -> None:
        self.labels = labels
        self.images = self

    def get(self, name: str) -> Any:
        assert name == "registry.example:5000/sieve:2.4.1-trixie"
        if "none" in self.labels:
            raise ImageNotFound("none")
        return self


def sieve(engine: Engine = NONE, substrate: str = "process", used: Collection[str] = ("sieve",)) -> Any:
    return systems(engine, substrate, {"sieve": Sieve}, used)[0]


def engine(**labels: str) -> Engine:
    return Engine("unix:///some", cast(docker.DockerClient, Images(**labels)), [])


@pytest.fixture(autouse=True)
def path(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where programs are, and no others: apt is."""
    monkeypatch.setenv("PATH", str(tmp_path))
    put(tmp_path, "apt-get", "")
    return tmp_path


def put(folder: Path, name: str, line: str) -> None:
    (folder / name).write_text(f"#!/bin/sh\n{line}\n")
    (folder / name).chmod(0o755)


@pytest.mark.parametrize(("line", "state", "said"), [
    ("echo Sieve server v=2.1.0", "here", "2.1.0"), ("echo 'sieve/1.9' >&2", "missing", "1.9, too old: 2.0 or later")])
def test_a_local_program_is_told_with_its_version_and_one_too_old_will_not_do(path: Path, line: str, state: str, said: str) -> None:
    put(path, "sieve-server", line)
    assert (sieve().process.state, sieve().process.said.en) == (state, said)
    assert bool(sieve().process.command) == (state == "missing")


def test_a_program_that_needs_a_network_stack_is_missing_where_no_process_gets_one(
        path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What it lacks is no package."""
    class Shared(Sieve):
        name: ClassVar[str] = "shared"

        def program(self, callees: Mapping[str, str]) -> Program:
            return replace(super().program(callees), ports={"all": 2}, stack=Stack("all", (), ()))

    put(path, "sieve-server", "echo sieve 2.4.1")
    monkeypatch.setattr(module, "refusal", lambda: Text("The kernel says no.", "核心說不。"))
    found, = systems(NONE, "process", {"shared": Shared}, used={"shared"})
    assert (found.process.state, found.process.command) == ("missing", "")
    assert found.process.said.en == "2.4.1, and it needs a network stack of its own. The kernel says no."
    monkeypatch.setattr(module, "refusal", lambda: None)
    found, = systems(NONE, "process", {"shared": Shared}, used={"shared"})
    assert found.process.state == "here"


def test_an_absent_program_is_missing_where_labs_run_as_processes_and_lacking_where_as_containers() -> None:
    assert sieve().process.state == "missing"
    assert sieve(engine(), "docker").process.state == "lacking"
    assert sieve().process.command.endswith("apt-get install -y sieve-pkg")


def test_without_an_engine_there_is_no_container_and_the_engine_has_the_command() -> None:
    assert (sieve().docker.state, sieve().docker.said.en, sieve().docker.command) == ("lacking", "no engine", "")


def test_an_image_is_told_with_its_version_or_that_it_is_debians_or_would_be_pulled() -> None:
    true = sieve(engine()).docker
    assert (true.state, true.said.en, true.facts["stand_in"]) == ("here", "2.4.1", False)
    labels = {"microservices-by-experiment.image": "stand-in", "microservices-by-experiment.version": "2.2.9"}
    stand_in = sieve(engine(**labels)).docker
    assert (stand_in.state, stand_in.said.en, stand_in.facts["version"]) == ("here", "2.2.9, Debian's", "2.2.9")
    absent = sieve(engine(none="")).docker
    assert (absent.state, absent.said.en) == ("lacking", "2.4.1, pulled at first use")
    assert (absent.command, absent.fixable) == ("docker pull registry.example:5000/sieve:2.4.1-trixie", True)


def test_every_system_of_the_catalogue_is_examined() -> None:
    found = systems(NONE, "process")
    assert [one.name for one in found] == list(SYSTEMS)
    assert all(one.process.state != "here" or one.process.facts["version"] for one in found)


@pytest.mark.parametrize(("wanted", "state", "status"), [("process", "lacking", None), ("docker", "missing", 1)])
def test_an_engine_that_is_not_there_is_missing_where_labs_are_told_to_use_it(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, wanted: str, state: str, status: int | None) -> None:
    monkeypatch.setenv("DOCKER_HOST", f"unix://{tmp_path}/none.sock")
    monkeypatch.setenv("LABKIT_SUBSTRATE", wanted)
    found = examine()
    engine = next(part for part in found.parts if part.key == "engine")
    assert (engine.state, engine.fixable) == (state, False)
    assert engine.said.en == f"no Docker engine answers at unix://{tmp_path}/none.sock"
    assert status in (None, found.status)


def test_one_that_no_lab_starts_is_lacking_and_not_missing() -> None:
    assert (sieve().process.state, sieve(used=()).process.state) == ("missing", "lacking")


def test_what_labs_start_is_read_from_their_code_cells(tmp_path: Path) -> None:
    cells = [{"cell_type": "code", "source": ["shared = lab.system(\n", "    'sieve', memory='8mb')"]},
             {"cell_type": "code", "source": 'with lab.system("mill") as mill: pass'},
             {"cell_type": "markdown", "source": '`lab.system("told")`'}]
    (tmp_path / "one.ipynb").write_text(json.dumps({"cells": cells}), "utf-8")
    (tmp_path / "broken.ipynb").write_text("{", "utf-8")
    assert set(used_systems(tmp_path)) == {"sieve", "mill"}


def test_jars_that_are_here_are_not_measured_by_the_age_of_their_java(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    jars = Maven("sieve", "java", "3.1", "", tmp_path / "lock")
    monkeypatch.setattr(module, "jar_set", lambda program: jars)
    monkeypatch.setattr(module, "local_version", lambda program: "1.1")  # below the 2.0 that the program asks of its executable
    assert (sieve().process.state, sieve().process.facts["version"]) == ("here", "1.1")
