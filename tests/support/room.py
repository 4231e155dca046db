"""A bare machine: a container of a minimal Debian, or of an image, with this checkout and nobody to ask for anything else."""

from __future__ import annotations

import io
import subprocess
import tarfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
from docker.models.containers import Container

from tests.lint.repository import files, relative, tracked

__all__ = ["Room", "checkout", "room", "unpacked"]


class Room:
    """Runs commands on that machine."""

    def __init__(self, container: Container, folder: str) -> None:
        self._container, self._folder = container, folder

    def run(self, command: str, user: str = "root", **environment: str) -> tuple[int, str]:
        """The exit status and all that was printed."""
        status, output = self._container.exec_run(["sh", "-c", command], user=user, workdir=self._folder, environment=environment)
        return status, output.decode("utf-8", "replace")

    @property
    def short_of_memory(self) -> bool:
        """Whether something was ended there because memory was short."""
        self._container.reload()
        return bool(self._container.attrs["State"]["OOMKilled"])


@contextmanager
def room(client: docker.DockerClient, image: str, folder: str = "/book", reads: Mapping[Path, str] | None = None,
         **settings: Any) -> Iterator[Room]:
    """A container of ``image`` without a network, with 2 GiB, the checkout in ``folder``, and what it ``reads`` of this machine."""
    volumes = {str(here): {"bind": there, "mode": "ro"} for here, there in (reads or {}).items()}
    container = client.containers.run(
        image, ["infinity"], entrypoint=["sleep"], detach=True, init=True, mem_limit="2g", memswap_limit="2g", volumes=volumes,
        labels={"microservices-by-experiment.test": "room"}, **{"network_mode": "none", **settings})
    try:
        container.put_archive("/", checkout(folder.strip("/")))
        yield Room(container, folder)
    finally:
        container.remove(force=True, v=True)


def checkout(folder: str) -> bytes:
    """What git knows of this checkout, below ``folder``, as a tar file; links stay links."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        for path in {*files(""), *(path for path in tracked() if path.is_symlink())}:
            tar.add(path, f"{folder}/{relative(path)}")
    return archive.getvalue()


def unpacked(work: Path, folder: str) -> Path:
    """A copy of the checkout in ``folder`` of ``work``. By ``tar``: Debian 12's Python, 3.11.2, cannot be told what to trust."""
    subprocess.run(["tar", "--extract", "--no-same-owner", f"--directory={work}"], input=checkout(folder), check=True)
    return work / folder
