"""Every environment brings every system of the labs."""

from __future__ import annotations

import re

import pytest

from environments.offline.images import IMAGES
from environments.offline.programs import PROGRAMS
from labkit.systems.catalogue import SYSTEMS
from tests.support.owners import ROOT

PROGRAM = {name: kind().program({"stock": "http://127.0.0.1:1"}) for name, kind in SYSTEMS.items()}
HERE = ROOT / "environments"


def _words(path: str) -> set[str]:
    lines = [line for line in (HERE / path).read_text("utf-8").splitlines() if not line.startswith("#")]
    return set(re.findall(r"[\w.+-]+", "\n".join(lines)))


BRINGS = {"binder": _words("binder/apt.txt"), "compose": _words("docker/lab.Dockerfile"),
          "devcontainer": _words("devcontainer/Dockerfile"), "airgap": set(PROGRAMS)}


@pytest.mark.parametrize("environment", BRINGS)
@pytest.mark.parametrize("system", SYSTEMS)
def test_an_environment_brings_a_system(environment: str, system: str) -> None:
    assert PROGRAM[system].debian in BRINGS[environment]


@pytest.mark.parametrize("system", SYSTEMS)
def test_its_image_can_be_made_and_packed(system: str) -> None:
    assert PROGRAM[system].image in {image.name for image in IMAGES}


@pytest.mark.parametrize("file", ["docker/lab.Dockerfile", "docker/service.Dockerfile", "devcontainer/Dockerfile"])
def test_what_an_image_stands_on_is_pinned_and_can_be_made_and_packed(file: str) -> None:
    stands_on = set(re.findall(r"^FROM (\S+)", (HERE / file).read_text("utf-8"), re.MULTILINE))
    assert stands_on <= {image.name for image in IMAGES}
    assert stands_on
