"""The images that the tests of containers need: made here of Debian packages, or the true ones where CI says so."""

from __future__ import annotations

import os

import docker

from environments.offline.images import have, have_base
from labkit.substrates.cache import alone

__all__ = ["TRUE", "debian", "have_all"]

TRUE = os.environ.get("TRUE_IMAGES") == "1"


def have_all(address: str) -> None:
    """Have every image of environments/offline/images.toml on the engine. ``TRUE_IMAGES=1`` pulls what is not there."""
    client = docker.DockerClient(base_url=address, timeout=600)
    try:
        with alone("test-images", lambda: None):  # tests side by side would all make them
            have(client, pull=TRUE)
    finally:
        client.close()


def debian(client: docker.DockerClient, suite: str) -> str:
    """The name of a minimal Debian system without Python; the true ``debian:SUITE-slim`` where CI says so."""
    if not TRUE:
        return have_base(client, suite)
    name = f"debian:{suite}-slim"
    client.images.pull(name)
    return name
