"""Binder, as far as it can be had without its registry: the steps that repo2docker makes of this checkout, on a bare Debian.

What repo2docker itself brings stays out: its Ubuntu and conda's Python. Debian's Python stands in for that, in a virtual
environment which is the reader's own, as conda's is there.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import chdir, contextmanager
from pathlib import Path

import docker
from repo2docker.app import Repo2Docker
from repo2docker.buildpacks.base import BuildPack

from environments.offline.bundle import LEARNER
from tests.support.docker_images import debian
from tests.support.locked_wheels import wheels_of
from tests.support.owners import ROOT
from tests.support.room import Room, room

__all__ = ["HOME", "Binder", "binder", "found"]

HOME = "/home/jovyan"
_PYTHON = "3.11"  # bookworm's
_TOOLS = ("pytest", "pytest-timeout", "nbval", "iniconfig", "pluggy", "coverage")
_DEBIAN_PYTHON = ("apt-get update && apt-get install -y --no-install-recommends python3-venv && "
                  "useradd --create-home --uid 1000 jovyan && python3 -m venv /srv/python && chown -R jovyan /srv/python")


def found(root: Path = ROOT) -> BuildPack:
    """What repo2docker takes this checkout for: the first of its build packs that says it is one."""
    with chdir(root):
        app = Repo2Docker()
        packs = (pack(base_image=app.base_image) for pack in app.buildpacks)
        pack = next(pack for pack in packs if pack.detect())
        pack.platform = "linux/amd64"
    return pack


class Binder:
    """A machine as Binder would make it; commands run there through the book's start script, as the reader."""

    def __init__(self, machine: Room, pack: BuildPack) -> None:
        self._machine, self._start = machine, pack.get_start_script()
        self.short_of_memory = lambda: machine.short_of_memory

    def run(self, command: str) -> tuple[int, str]:
        """The exit status and all that was printed."""
        return self._run(f'"{self._start}" {command}')

    def build(self, scripts: list[str]) -> str:
        """Run what is to be run once all is in place; all that was printed."""
        for script in scripts:
            status, said = self._run(f"chmod +x {script} && ./{script}")
            assert status == 0, said
        return said

    def _run(self, command: str) -> tuple[int, str]:
        environment = {"HOME": HOME, "REPO_DIR": HOME, "PATH": "/srv/python/bin:/usr/local/bin:/usr/bin:/bin"}
        return self._machine.run(command, user="jovyan", PIP_NO_INDEX="1", PIP_FIND_LINKS="/wheels /tools", **environment)


@contextmanager
def binder(client: docker.DockerClient, work: Path) -> Iterator[Binder]:
    """The machine after repo2docker's last step, without a network and with 2 GiB of memory."""
    pack = found()
    with chdir(ROOT):
        image = _image(client, [script for user, script in pack.get_preassemble_scripts() if user == "root"])
        scripts = pack.get_post_build_scripts()
    tools = wheels_of(work, ROOT / "environments" / "locks" / "test.txt", _PYTHON, _TOOLS)
    reads = {wheels_of(work, LEARNER, _PYTHON): "/wheels", tools: "/tools"}
    with room(client, image, HOME, reads) as machine:
        assert machine.run(f"chown -R jovyan {HOME}")[0] == 0
        made = Binder(machine, pack)
        made.build(scripts)
        status, said = made.run("python -m pip install --quiet --no-deps /tools/*.whl")
        assert status == 0, said
        yield made


def _image(client: docker.DockerClient, steps: list[str]) -> str:
    """Debian with Python, and then repo2docker's own steps as root; apt takes this machine's network."""
    lines = [f"FROM {debian(client, 'bookworm')}", f"RUN {_DEBIAN_PYTHON}", *(f"RUN {step.strip()}" for step in steps)]
    image, _ = client.images.build(fileobj=io.BytesIO("\n".join(lines).encode()), network_mode="host", rm=True, forcerm=True,
                                   labels={"microservices-by-experiment.test": "binder"})
    return str(image.id)
