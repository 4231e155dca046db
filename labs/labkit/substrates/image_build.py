"""Have the engine pull or build an image, and say how far it is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import IO, Any, Protocol

from docker import DockerClient
from docker.errors import APIError
from docker.models.images import Image

from labkit.language import Text
from labkit.substrates.image_trouble import no_base, refused

__all__ = ["Progress", "build", "pull"]

_PULLING = Text("pulling {name}, {megabytes} MB", "拉取 {name}，{megabytes} MB")
_STEPS = {  # how a line of the Dockerfile begins, and what the reader is told
    'RUN ["python", "-m", "pip"': Text("putting the packages in place", "安裝套件"),
    'RUN ["python", "-m", "compileall"': Text("compiling", "編譯"),
    "COPY book": Text("adding the services", "加入服務的程式"),
}


class Progress(Protocol):
    """Where the steps are told."""

    def __call__(self, step: Text) -> None:
        """A step begins."""

    def counted(self, step: Text) -> None:
        """How far a step is; told once a second."""


def pull(client: DockerClient, name: str, progress: Progress) -> Image:
    """Pull ``name``; :class:`CannotBuild` when no registry gives it."""
    layers: dict[str, int] = {}
    progress(_PULLING.format(name=name, megabytes=0))
    try:
        for event in client.api.pull(name, stream=True, decode=True):
            if "error" in event:
                raise no_base(name, event["error"])
            if event.get("status") == "Downloading":
                layers[event["id"]] = event["progressDetail"].get("current", 0)
                progress.counted(_PULLING.format(name=name, megabytes=sum(layers.values()) // 1_000_000))
    except APIError as error:
        raise no_base(name, str(error.explanation or error)) from error
    return client.images.get(name)


def build(client: DockerClient, context: IO[bytes], tag: str, labels: Mapping[str, str],
          progress: Progress) -> None:
    """Build the context; no network while it is built, and no container of it is left."""
    lines: list[str] = []
    for event in _events(client, context, tag, labels):
        line = str(event.get("stream") or event.get("error") or "")
        lines += line.splitlines()
        instruction = line.partition(" : ")[2] if line.startswith("Step ") else ""
        for step in (text for begins, text in _STEPS.items() if instruction.startswith(begins)):
            progress(step)
        if "error" in event:
            raise refused("\n".join(lines[-10:]))


def _events(client: DockerClient, context: IO[bytes], tag: str, labels: Mapping[str, str]) -> Iterator[dict[str, Any]]:
    events: Iterator[dict[str, Any]] = client.api.build(
        fileobj=context, custom_context=True, tag=tag, labels=dict(labels), rm=True, forcerm=True, network_mode="none",
        decode=True)
    return events
