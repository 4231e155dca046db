"""The engine of the tests is shared by those who need it at once, and ended by the last of them."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

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

FORGETS = """
import json, os
from pathlib import Path
import docker
from tests.support.docker_engine import engine
data = Path(os.environ["XDG_CACHE_HOME"]) / "microservices-by-experiment" / "engine" / "data"
def left(address):
    return docker.DockerClient(base_url=address).networks.list(names=["left"])
with engine() as address:
    made = docker.DockerClient(base_url=address).networks.create("left")
    bridge = Path("/sys/class/net", f"br-{made.id[:12]}")
    before = bridge.exists()
with (data / "network" / "files" / "local-kv.db").open("r+b") as known:
    known.write(bytes(8192))  # where it begins, so that the engine cannot read it
with engine() as address:
    print(json.dumps([before, bridge.name, bridge.exists(), left(address)]))
"""


@pytest.fixture
def cache() -> Iterator[Path]:
    """A folder with a short name: a socket's path has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        yield Path(folder)


@pytest.fixture
def rules() -> Iterator[list[str]]:
    """Two that engines left, one of them for a bridge that is there still. Their subnets are nobody's: RFC 5737's, for examples."""
    gone, there = (f"br-{secrets.token_hex(6)}" for _ in range(2))
    made = [f"-s {subnet} ! -o {bridge} -j MASQUERADE" for subnet, bridge in [("198.51.100.0/24", gone), ("203.0.113.0/24", there)]]
    subprocess.run(["ip", "link", "add", there, "type", "bridge"], check=True)
    try:
        for rule in made:
            subprocess.run(["iptables", "-w", "-t", "nat", "-A", "POSTROUTING", *rule.split()], check=True)
        yield made
    finally:
        for rule in made:
            subprocess.run(["iptables", "-w", "-t", "nat", "-D", "POSTROUTING", *rule.split()], capture_output=True)
        subprocess.run(["ip", "link", "delete", there], check=True)


def _done(program: str, cache: Path) -> Any:
    """What an interpreter of its own prints, with a cache and so an engine of its own."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "DOCKER_HOST": f"unix://{cache}/none.sock",
                   "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "labs")])}
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _standing() -> str:
    return subprocess.run(["iptables", "-w", "-t", "nat", "-S", "POSTROUTING"], capture_output=True, text=True, check=True).stdout


def test_an_engine_outlives_every_user_but_the_last(cache: Path) -> None:
    assert _done(TWO_USERS, cache) == [True, True, None, True, []]


def test_an_engine_starts_without_the_rules_of_bridges_that_are_gone(cache: Path, rules: list[str]) -> None:
    gone, there = rules
    _done(TWO_USERS, cache)
    assert gone not in _standing()
    assert there in _standing()


def test_an_engine_that_must_forget_its_networks_leaves_neither_bridge_nor_rule(cache: Path) -> None:
    before, bridge, after, known = _done(FORGETS, cache)
    assert (before, after, known) == (True, False, [])
    assert bridge not in _standing()
