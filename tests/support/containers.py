"""What an engine has of the labs of one owner, asked of docker-py and not of the kit."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import docker

__all__ = ["OWNER", "labels_of", "of_owner"]

OWNER = "microservices-by-experiment.owner"
LAB = "microservices-by-experiment.lab"


def of_owner(engine: str, owner: int) -> list[str]:
    """A line for each container, running or not, and each network and volume that labs of the process ``owner`` had made."""
    with _client(engine) as client:
        mine = {"filters": {"label": f"{OWNER}={owner}"}}
        containers = client.containers.list(all=True, ignore_removed=True, **mine)
        return ([f"container {one.name} ({one.status})" for one in containers] +
                [f"network {one.name}" for one in client.networks.list(**mine)] +
                [f"volume {one.name}" for one in client.volumes.list(**mine)])


def labels_of(engine: str, owner: int) -> set[str]:
    """By which label each of them belongs to its lab, and the loopback ports that the engine listens on for them."""
    with _client(engine) as client:
        found = client.api.containers(filters={"label": f"{OWNER}={owner}"})
        return ({f"label {one['Labels'].get(LAB)}" for one in found} |
                {f"port {port['PublicPort']}" for one in found for port in one["Ports"] if "PublicPort" in port})


@contextmanager
def _client(engine: str) -> Iterator[docker.DockerClient]:
    client = docker.DockerClient(base_url=engine)
    try:
        yield client
    finally:
        client.close()
