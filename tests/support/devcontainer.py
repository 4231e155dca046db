"""A dev container of this checkout, made by the CLI on which the editors' own support stands."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import docker

from environments.offline.bundle import LEARNER
from tests.support.docker_images import TRUE
from tests.support.locked_wheels import wheels_of
from tests.support.node import packages
from tests.support.room import unpacked

__all__ = ["Devcontainer", "devcontainer"]

_PYTHON = "3.13"  # of the image
_LABEL = "microservices-by-experiment.devcontainer"


class Devcontainer:
    """The container; ``configuration`` is what the CLI read, with every setting resolved."""

    def __init__(self, root: Path) -> None:
        self._root, self._label = root, f"{_LABEL}={secrets.token_hex(8)}"

    def run(self, *command: str) -> str:
        """What a command printed in the container, as its user, where the checkout is; it must have worked."""
        return self._call("exec", *command)

    def configuration(self) -> dict[str, Any]:
        """What the CLI reads through the link at the root."""
        read: dict[str, Any] = json.loads(self._call("read-configuration").splitlines()[-1])
        return read

    def up(self, wheels: Path) -> None:
        """Build the image, start the container, run what is to be run once."""
        offline = ("PIP_NO_INDEX=1", "PIP_FIND_LINKS=/wheels")
        self._call("up", "--buildkit", "never", f"--mount=type=bind,source={wheels},target=/wheels",
                   *(f"--remote-env={setting}" for setting in offline))

    def remove(self) -> None:
        """End it and take it away."""
        with closing(docker.from_env()) as client:
            for container in client.containers.list(all=True, filters={"label": self._label}):
                container.remove(force=True, v=True)

    def _call(self, verb: str, *arguments: str) -> str:
        program = packages() / "@devcontainers" / "cli" / "devcontainer.js"
        command = ["node", str(program), verb, "--workspace-folder", str(self._root), "--id-label", self._label, *arguments]
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@contextmanager
def devcontainer(work: Path) -> Iterator[Devcontainer]:
    """The dev container of a copy of this checkout on the engine of ``DOCKER_HOST``; gone afterwards, but for its image."""
    root = unpacked(work, "book")
    if os.geteuid() == 0:
        for path in (root, *root.rglob("*")):
            os.chown(path, 1000, 1000, follow_symlinks=False)
    if not TRUE:
        _give_apt_this_machines_network(root / "environments" / "devcontainer" / "devcontainer.json")
    made = Devcontainer(root)
    try:
        made.up(wheels_of(work, LEARNER, _PYTHON))
        yield made
    finally:
        made.remove()


def _give_apt_this_machines_network(settings: Path) -> None:
    """Where images are made here, while this one is built; the one setting that the copy has besides."""
    asked = json.loads(settings.read_text("utf-8"))
    asked["build"]["options"] = ["--network=host"]
    settings.write_text(json.dumps(asked), "utf-8")
