"""A Docker engine for the parts of the bench that need one."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from unittest import mock

import docker

from tests.support import docker_engine
from tests.support.docker_images import have_all

__all__ = ["NO_ENGINE", "available", "engine"]

NO_ENGINE = "no Docker engine answers, and none can be started here (that takes root, dockerd and mmdebstrap)"
available = docker_engine.available


@contextmanager
def engine() -> Iterator[docker.DockerClient]:
    """A client of an engine that has the images of the labs; ``DOCKER_HOST`` leads to it meanwhile."""
    with docker_engine.engine() as address, mock.patch.dict(os.environ, DOCKER_HOST=address):
        have_all(address)
        client = docker.DockerClient(base_url=address, timeout=600)
        try:
            yield client
        finally:
            client.close()
