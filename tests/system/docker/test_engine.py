"""The engine of the tests is shared by those who need it at once, and ended by the last of them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.owners import ROOT

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(300)]

TWO_USERS = """
import io, json, os, tarfile
from pathlib import Path
import docker
from tests.support.docker_engine import engine
home = Path(os.environ["XDG_CACHE_HOME"]) / "microservices-by-experiment" / "engine"
def pid():
    return (home / "pid").read_text() if (home / "pid").exists() else None
def mounts():
    return [line for line in Path("/proc/mounts").read_text().splitlines() if str(home / "exec") in line]
def use_the_hosts_network(address):
    client, empty = docker.DockerClient(base_url=address), io.BytesIO()
    tarfile.open(fileobj=empty, mode="w").close()
    client.api.import_image_from_data(empty.getvalue(), repository="empty")
    labels = {"microservices-by-experiment.test": "engine"}
    container = client.containers.create("empty", ["/none"], network_mode="host", labels=labels)
    try:
        container.start()
    except docker.errors.APIError:
        pass
    container.remove()
with engine() as outer:
    first = pid()
    use_the_hosts_network(outer)
    mounted = bool(mounts())
    with engine() as inner:
        same = pid()
    after_inner = pid()
after_all = pid()
print(json.dumps([outer == inner, first == same == after_inner != None, after_all, mounted, mounts()]))
"""


@pytest.fixture
def cache() -> Iterator[Path]:
    """A folder with a short name: a socket's path has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        yield Path(folder)


def test_an_engine_outlives_every_user_but_the_last(cache: Path) -> None:
    """In an interpreter of its own, with a cache and so an engine of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "DOCKER_HOST": f"unix://{cache}/none.sock",
                   "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "labs")])}
    done = subprocess.run([sys.executable, "-c", TWO_USERS], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [True, True, None, True, []]
