"""Run a test on a substrate: where it needs a Docker engine, with one that answers and has the images."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

__all__ = ["SUBSTRATES", "on"]

SUBSTRATES = ["process", pytest.param("docker", marks=[pytest.mark.needs("docker engine"), pytest.mark.timeout(600)])]


@contextlib.contextmanager
def on(request: pytest.FixtureRequest, substrate: str) -> Iterator[str]:
    """The substrate's name, while labs find its engine."""
    with pytest.MonkeyPatch.context() as patch:
        if substrate == "docker":
            patch.setenv("DOCKER_HOST", request.getfixturevalue("docker_engine"))
        yield substrate
