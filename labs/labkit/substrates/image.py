"""The one image in which services run: built when its files changed, and never twice.

What is fetched is fetched by this machine, once; the build itself has no network. So it takes the same path at home
and in a classroom without internet, and a change of a service's source costs the few seconds of its topmost layers.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from pathlib import Path

from docker import DockerClient
from docker.errors import ImageNotFound
from docker.models.images import Image

from labkit.language import Text
from labkit.substrates.cache import alone
from labkit.substrates.image_build import build, pull
from labkit.substrates.image_context import Recipe
from labkit.substrates.image_trouble import CannotBuild, explained
from labkit.substrates.wheels import fetch

__all__ = ["REPOSITORY", "CannotBuild", "Say", "image_of", "program_image", "service_image"]

REPOSITORY = "microservices-by-experiment/service"
Say = Callable[[Text], None]
_PROCESSORS = {"amd64": "x86_64", "arm64": "aarch64"}  # how the engine calls them, and how wheels do

_STEP = Text("The image for services: {step} ({seconds} s)", "服務的鏡像：{step}（{seconds} 秒）")
_WAITING = Text("another lab is building it", "另一個實驗正在建置")
_FETCHING = Text("fetching packages, {fetched} of {of}", "取得套件，第 {fetched} 個，共 {of} 個")
_READY = Text("ready", "完成")


def service_image(client: DockerClient, package_folders: Sequence[Path], say: Say) -> str:
    """The name of the image that holds these packages; builds it where the engine lacks it.

    ``say`` gets a line for each step, with the seconds so far. :class:`CannotBuild` says what to do.
    """
    return image_of(client, Recipe(package_folders), say)


def image_of(client: DockerClient, recipe: Recipe, say: Say) -> str:
    """The same for any recipe."""
    tag = f"{REPOSITORY}:{recipe.digest()}"
    with explained():
        if not _find(client, tag):
            steps = _Steps(say)
            with alone("service-image", lambda: steps(_WAITING)):
                if not _find(client, tag):
                    _make(client, recipe, tag, steps)
            steps(_READY)
    return tag


def program_image(client: DockerClient, name: str, say: Say) -> None:
    """Have the image of a system on the engine: pulled, if it is not there yet. :class:`CannotBuild` says what to do."""
    with explained():
        if not _find(client, name):
            pull(client, name, _Steps(say))


class _Steps:
    """Says each step with the seconds so far."""

    def __init__(self, say: Say) -> None:
        self._say, self._began, self._last = say, time.monotonic(), -1

    def __call__(self, step: Text) -> None:
        """A step begins."""
        self._last = int(time.monotonic() - self._began)
        self._say(_STEP.format(step=step, seconds=self._last))

    def counted(self, step: Text) -> None:
        """How far a step is; told once a second."""
        if int(time.monotonic() - self._began) != self._last:
            self(step)


def _find(client: DockerClient, name: str) -> Image | None:
    try:
        return client.images.get(name)
    except ImageNotFound:
        return None


def _make(client: DockerClient, recipe: Recipe, tag: str, steps: _Steps) -> None:
    base = _find(client, recipe.base) or pull(client, recipe.base, steps)
    processor = _PROCESSORS.get(base.attrs["Architecture"], base.attrs["Architecture"])
    wheels = fetch(recipe.lock, recipe.python, processor,
                   lambda fetched, of: steps.counted(_FETCHING.format(fetched=fetched, of=of)))
    labels = {"microservices-by-experiment.content": tag.rpartition(":")[2]}
    with recipe.context(wheels) as context:
        build(client, context, tag, labels, steps)
