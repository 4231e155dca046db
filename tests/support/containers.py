"""What an engine has of the labs of one owner, asked of docker-py and not of the kit."""

from __future__ import annotations

import docker

__all__ = ["of_owner"]

OWNER = "microservices-by-experiment.owner"


def of_owner(engine: str, owner: int) -> list[str]:
    """A line for each container, running or not, and each network that labs of the process ``owner`` had made."""
    client = docker.DockerClient(base_url=engine)
    try:
        mine = {"filters": {"label": f"{OWNER}={owner}"}}
        containers = client.containers.list(all=True, ignore_removed=True, **mine)
        return ([f"container {one.name} ({one.status})" for one in containers] +
                [f"network {one.name}" for one in client.networks.list(**mine)])
    finally:
        client.close()
