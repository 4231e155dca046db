"""``docker compose`` on a copy of this checkout, under a name and a port of its own, as a reader would call it.

Whichever is here: the engine's plugin, or the ``docker-compose`` of older systems. Python's packages come from wheels that
were fetched before, so no index has to be reached from inside. Where images are made here, apt has this machine's network
while the image is built.
"""

from __future__ import annotations

import os
import secrets
import shutil
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import docker
import yaml
from docker.models.containers import Container

from environments.offline.bundle import LEARNER
from labkit.substrates.image import service_image
from labkit.substrates.ports import free_port
from tests.support.docker_images import TRUE
from tests.support.locked_wheels import wheels_of
from tests.support.room import unpacked
from tests.support.waiting import wait_for

__all__ = ["IMAGE", "Compose", "command", "compose", "services_image"]

IMAGE = "microservices-by-experiment/lab"
_PYTHON = "3.13"  # of the image
_HEALTHY_SECONDS = 90


@cache
def command() -> list[str] | None:
    """How Compose is called here; None where it is not."""
    for words in (["docker", "compose"], ["docker-compose"]):
        if shutil.which(words[0]) and subprocess.run([*words, "version"], capture_output=True).returncode == 0:
            return words
    return None


class Compose:
    """One project: a name, a port, and the settings that a reader would have in the environment."""

    def __init__(self, client: docker.DockerClient, files: list[Path], environment: dict[str, str]) -> None:
        self.client, self.port = client, free_port()
        self._project = f"mbe-{secrets.token_hex(4)}"
        self._files = files
        self._environment = {**os.environ, **environment, "COMPOSE_PROJECT_NAME": self._project, "LAB_PORT": str(self.port)}

    def call(self, *arguments: str) -> str:
        """What Compose printed; it must have worked."""
        named = [word for file in self._files for word in ("--file", str(file))]
        done = subprocess.run([*(command() or []), *named, *arguments], env=self._environment, stdin=subprocess.DEVNULL,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert done.returncode == 0, done.stdout
        return done.stdout

    def up(self, service: str) -> Container:
        """Start it, and wait until its own health check says that it is well."""
        self.call("up", "--detach", "--no-build", service)
        container = self.client.containers.get(self.call("--profile", "engine", "ps", "--quiet", service).split()[-1])
        wait_for(lambda: self._health(container) == "healthy", f"JupyterLab in {service}", _HEALTHY_SECONDS)
        return container

    def _health(self, container: Container) -> str:
        container.reload()
        assert container.status == "running", container.logs().decode()
        return str(container.attrs["State"]["Health"]["Status"])


@contextmanager
def compose(client: docker.DockerClient, work: Path, **environment: str) -> Iterator[Compose]:
    """The checkout's compose.yaml with the image built; all of it is gone afterwards, but for the image."""
    files = [_unpacked(work) / "environments" / "docker" / "compose.yaml"]
    if not TRUE:
        services = yaml.safe_load(files[0].read_text("utf-8"))["services"]
        files.append(work / "network.yaml")
        files[1].write_text(yaml.safe_dump({"services": {name: {"build": {"network": "host"}} for name in services}}), "utf-8")
    project = Compose(client, files, {"PIP_NO_INDEX": "1", **environment})
    try:
        yield project
    finally:
        project.call("--profile", "engine", "down", "--volumes", "--timeout", "1")


def _unpacked(work: Path) -> Path:
    root = unpacked(work, "book")
    shutil.copytree(wheels_of(work, LEARNER, _PYTHON), root / "_build" / "wheels")
    return root


def services_image(client: docker.DockerClient, work: Path) -> str:
    """The image for services as a lab in the container will ask for it, made here, where its packages can be fetched."""
    return service_image(client, [work / "book" / "labs" / "labkit", work / "book" / "mini_services"], lambda text: None)
