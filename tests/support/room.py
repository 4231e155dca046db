"""A classroom's machine: a bare Debian without a network, with this checkout and a bundle beside it."""

from __future__ import annotations

import io
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import docker
from docker.models.containers import Container

from tests.lint.repository import files, relative

__all__ = ["Room", "room"]

_BASE = "microservices-by-experiment/base:bookworm"


class Room:
    """Runs commands on that machine."""

    def __init__(self, container: Container) -> None:
        self._container = container

    def run(self, command: str, user: str = "root") -> tuple[int, str]:
        """The exit status and all that was printed."""
        status, output = self._container.exec_run(["sh", "-c", command], user=user, workdir="/book")
        return status, output.decode("utf-8", "replace")


@contextmanager
def room(client: docker.DockerClient, bundle: Path) -> Iterator[Room]:
    """A container of the minimal Debian in which neither Python nor any other program of the labs is installed."""
    container = client.containers.run(
        _BASE, ["sleep", "infinity"], detach=True, network_mode="none", init=True, mem_limit="2g",
        labels={"microservices-by-experiment.test": "room"}, volumes={str(bundle): {"bind": "/bundle.tar", "mode": "ro"}})
    try:
        container.put_archive("/", _checkout())
        yield Room(container)
    finally:
        container.remove(force=True, v=True)


def _checkout() -> bytes:
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path in files(""):
            tar.add(path, f"book/{relative(path)}")
    return archive.getvalue()
