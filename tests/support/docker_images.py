"""The images that the tests of containers need: made here of Debian packages, or the true ones where CI says so."""

from __future__ import annotations

import os

import docker

from environments.offline.images import have

__all__ = ["have_all"]


def have_all(address: str) -> None:
    """Have every image of environments/offline/images.toml on the engine. ``TRUE_IMAGES=1`` pulls what is not there."""
    client = docker.DockerClient(base_url=address, timeout=600)
    try:
        have(client, pull=os.environ.get("TRUE_IMAGES") == "1")
    finally:
        client.close()
