"""The engine of the tests is shared by those who need it at once, and ended by the last of them."""

from __future__ import annotations

import json
import os
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

KERNEL = """
import json, os, socket, subprocess
from pathlib import Path
import docker
from tests.support.docker_engine import engine
def run(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout
def rules():
    return [rule.split(" ! -o ")[1].split()[0] for rule in run("iptables", "-t", "nat", "-S").splitlines() if " ! -o br-" in rule]
def bridges():
    return [name for _, name in socket.if_nameindex() if name.startswith("br-")]
"""

GONE = KERNEL + """
run("ip", "link", "add", "br-00000000000b", "type", "bridge")
for subnet, bridge in [("198.51.100.0/24", "br-00000000000a"), ("203.0.113.0/24", "br-00000000000b")]:
    run("iptables", "-t", "nat", "-A", "POSTROUTING", "-s", subnet, "!", "-o", bridge, "-j", "MASQUERADE")
before = rules()
with engine():
    print(json.dumps([before, rules()]))
"""

FORGETS = KERNEL + """
networks = Path(os.environ["XDG_CACHE_HOME"]) / "microservices-by-experiment" / "engine" / "data" / "network"
with engine() as address:
    docker.DockerClient(base_url=address).networks.create("left")
    before = [bridges(), rules()]
with (networks / "files" / "local-kv.db").open("r+b") as known:
    known.write(bytes(8192))  # where it begins, so that the engine cannot read it
with engine() as address:
    known = docker.DockerClient(base_url=address).networks.list(names=["left"])
    print(json.dumps([*before, bridges(), rules(), known]))
"""


@pytest.fixture
def cache() -> Iterator[Path]:
    """A folder with a short name: a socket's path has at most 107 characters."""
    with tempfile.TemporaryDirectory(prefix="engine-") as folder:
        yield Path(folder)


def _printed(program: str, cache: Path) -> Any:
    """What an interpreter of its own prints. It has a cache and so an engine of its own, and a network stack for its rules."""
    environment = {**os.environ, "XDG_CACHE_HOME": str(cache), "DOCKER_HOST": f"unix://{cache}/none.sock",
                   "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "labs")])}
    alone = ["unshare", "--net", sys.executable, "-c", program]
    done = subprocess.run(alone, cwd=ROOT, env=environment, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def test_an_engine_outlives_every_user_but_the_last(cache: Path) -> None:
    assert _printed(TWO_USERS, cache) == [True, True, None, True, []]


def test_an_engine_starts_without_the_rules_of_bridges_that_are_gone(cache: Path) -> None:
    assert _printed(GONE, cache) == [["br-00000000000a", "br-00000000000b"], ["br-00000000000b"]]


def test_an_engine_that_must_forget_its_networks_leaves_neither_bridge_nor_rule(cache: Path) -> None:
    bridges, rules, *after = _printed(FORGETS, cache)
    assert bridges == rules != []
    assert after == [[], [], []]
