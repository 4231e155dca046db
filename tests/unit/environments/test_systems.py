"""Every environment brings every system of the labs."""

from __future__ import annotations

import re

import pytest

from environments.offline.images import IMAGES
from environments.offline.programs import PROGRAMS
from labkit.fetch.catalogue import SOURCES
from labkit.substrates.source import Go, Maven
from labkit.systems.catalogue import SYSTEMS
from tests.support.owners import ROOT

PROGRAM = {name: kind().program({"stock": "http://127.0.0.1:1"}) for name, kind in SYSTEMS.items()}
HERE = ROOT / "environments"


def _words(path: str) -> set[str]:
    lines = [line for line in (HERE / path).read_text("utf-8").splitlines() if not line.startswith("#")]
    return set(re.findall(r"[\w.+-]+", "\n".join(lines)))


def _got(path: str) -> set[str]:
    """What ``labkit get`` fetches there."""
    return {name for names in re.findall(r"labkit get ([a-z ]+)", (HERE / path).read_text("utf-8")) for name in names.split()}


BRINGS = {"binder": _words("binder/apt.txt"), "compose": _words("docker/lab.Dockerfile"),
          "devcontainer": _words("devcontainer/Dockerfile"), "airgap": set(PROGRAMS)}
GETS = {"binder": _got("binder/postBuild"), "compose": _got("docker/lab.Dockerfile"),
        "devcontainer": _got("devcontainer/devcontainer.json")}
# Ubuntu 22.04 has etcd 3.3 and no NATS with JetStream, and what Go keeps of building those or Consul is gigabytes
ABSENT = {"binder": {"consul", "etcd", "nats"}, "compose": {"consul"}, "devcontainer": {"consul"}}
FETCHED = {name for name, program in PROGRAM.items() if not program.debian}
BUILT = {name for name in FETCHED if isinstance(SOURCES[name][0], Go)}  # by Go, whose caches would be in the image


@pytest.mark.parametrize("environment", BRINGS)
@pytest.mark.parametrize("system", sorted(set(SYSTEMS) - FETCHED))
def test_an_environment_brings_a_system_of_debian(environment: str, system: str) -> None:
    assert (set(PROGRAM[system].debian.split()) <= BRINGS[environment]) != (system in ABSENT.get(environment, ()))


@pytest.mark.parametrize("environment", GETS)
@pytest.mark.parametrize("system", sorted(FETCHED - BUILT))
def test_an_environment_fetches_a_system_that_debian_does_not_have(environment: str, system: str) -> None:
    assert (system in GETS[environment]) != (system in ABSENT[environment])
    java = any(isinstance(source, Maven) for source in SOURCES[system])
    assert not java or any("-jre-headless" in package for package in BRINGS[environment])


@pytest.mark.parametrize("system", SYSTEMS)
def test_its_image_can_be_made_and_packed(system: str) -> None:
    assert PROGRAM[system].image in {image.name for image in IMAGES}


@pytest.mark.parametrize("file", ["docker/lab.Dockerfile", "docker/service.Dockerfile", "devcontainer/Dockerfile"])
def test_what_an_image_stands_on_is_pinned_and_can_be_made_and_packed(file: str) -> None:
    stands_on = set(re.findall(r"^FROM (\S+)", (HERE / file).read_text("utf-8"), re.MULTILINE))
    assert stands_on <= {image.name for image in IMAGES}
    assert stands_on
