"""The Docker engine, the room that it has, and which images of the labs' systems are on it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path

import docker
from docker.errors import DockerException, ImageNotFound
from requests.exceptions import RequestException

from labkit.doctor.finding import Finding, Say
from labkit.doctor.machine import room
from labkit.language import Text
from labkit.substrates.find_engine import NoEngine, engine_address, engine_version
from labkit.substrates.image import program_image
from labkit.substrates.program import Program

__all__ = ["Engine", "looked_for"]

_NAME, _DISK = Text("Docker engine", "Docker 引擎"), Text("Disk, of Docker", "磁碟（Docker）")
_ANSWERS = Text("version {version}, at {address}", "{version} 版，位於 {address}")
_SECONDS = 10
_ROOM = 2 << 30  # bytes: the images of a few systems
_STAND_IN, _VERSION = "microservices-by-experiment.image", "microservices-by-experiment.version"
_DEBIANS = Text("{version}, Debian's", "{version}，Debian 版")
_PULLED = Text("{version}, pulled at first use", "{version}，首次使用時拉取")
_NONE = Text("no engine", "沒有引擎")


class Engine:
    """``client`` is None where no engine can be used; ``findings`` are of the engine itself."""

    def __init__(self, address: str, client: docker.DockerClient | None, findings: list[Finding]) -> None:
        self.address, self.client, self.findings = address, client, findings

    def image(self, name: str, program: Program) -> Finding:
        """Whether the image of a system is there, and in which version; or it would be pulled."""
        pinned = program.image.rpartition(":")[2].partition("-")[0]
        facts = {"image": program.image, "version": None, "stand_in": False}
        key, title = f"{name}.docker", Text(f"{name}, as a container", f"{name}（容器）")
        if self.client is None:
            return Finding(key, title, "lacking", _NONE, facts=facts)
        labels = _labels(self.client, program.image)
        if labels is None:
            return Finding(key, title, "lacking", _PULLED.format(version=pinned), f"docker pull {program.image}", facts,
                           act=partial(_pull, self.address, program.image))
        stand_in = labels.get(_STAND_IN) == "stand-in"
        version = labels.get(_VERSION, pinned) if stand_in else pinned
        said = _DEBIANS.format(version=version) if stand_in else Text(version, version)
        return Finding(key, title, "here", said, facts={**facts, "version": version, "stand_in": stand_in})


@contextmanager
def looked_for() -> Iterator[Engine]:
    """The engine that a lab would use, as long as the block lasts."""
    address = engine_address()
    facts = {"address": address, "version": None}
    try:
        version = engine_version(address)
    except NoEngine as none:
        yield Engine(address, None, [Finding("engine", _NAME, "lacking", none.cause, none.command, facts, by_hand=True)])
        return
    client = docker.DockerClient(base_url=address, timeout=_SECONDS)
    try:
        said = _ANSWERS.format(version=version, address=address)
        yield Engine(address, client, [Finding("engine", _NAME, "here", said, facts={**facts, "version": version}), *_disk(client)])
    finally:
        client.close()


def _disk(client: docker.DockerClient) -> list[Finding]:
    """The room where the engine keeps images; nothing where that is a virtual machine's own disk."""
    try:
        folder = Path(client.info()["DockerRootDir"])
    except (DockerException, RequestException, LookupError):
        return []
    return [room("engine_disk", _DISK, folder, _ROOM, "lacking", "docker system prune")] if folder.exists() else []


def _labels(client: docker.DockerClient, image: str) -> dict[str, str] | None:
    """None where the engine has no such image."""
    try:
        return client.images.get(image).labels
    except ImageNotFound:
        return None


def _pull(address: str, image: str, say: Say) -> None:
    client = docker.DockerClient(base_url=address)
    try:
        program_image(client, image, say)
    finally:
        client.close()
