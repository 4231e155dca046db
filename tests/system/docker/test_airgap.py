"""A bundle sets up a bare machine without a network, and what is wrong with a bundle is said in a sentence."""

from __future__ import annotations

import os
import shutil
import subprocess
import tarfile
from pathlib import Path

import docker
import pytest

from environments.offline.bundle import save
from tests.support.docker_images import debian
from tests.support.owners import ROOT
from tests.support.room import room

pytestmark = [pytest.mark.needs("docker engine", "debian's keys"), pytest.mark.timeout(900)]

SHORT_LAB = """
from labkit import Lab
with Lab(substrate="process") as lab:
    stock = lab.service("stock")
    run = lab.load(stock, "/health", rate=50, seconds=2)
    print("answered in the room:", bool(run.goodput > 40))
"""


@pytest.fixture(scope="module")
def bundle(docker_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("airgap") / "bundle.tar"
    done = subprocess.run(["environments/airgap", "bundle", "--without", "images", file], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return file


def _unpack(bundle: Path, cache: Path) -> str:
    """What the script says when it refuses a bundle; nobody's own cache is touched."""
    done = subprocess.run(["environments/airgap", "unpack", bundle], cwd=ROOT, capture_output=True, text=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(cache)})
    assert done.returncode == 1, done.stderr
    return done.stderr


def test_a_bare_machine_without_a_network_sets_up_from_the_bundle_and_runs_a_lab(
        docker_client: docker.DockerClient, bundle: Path) -> None:
    with room(docker_client, debian(docker_client, "bookworm"), reads={bundle: "/bundle.tar"}) as machine:
        status, said = machine.run("environments/airgap unpack /bundle.tar")
        assert status == 0, said
        assert machine.run("chown -R nobody /book; redis-server --version && nginx -v")[0] == 0
        status, said = machine.run(f"cat > /tmp/lab.py <<'E'{SHORT_LAB}E\nHOME=/tmp .venv/bin/python /tmp/lab.py", user="nobody")
        assert "answered in the room: True" in said, said
        status, said = machine.run("environments/airgap unpack /bundle.tar")
        assert "All of it was unpacked before." in said


def test_a_bundle_whose_content_changed_is_refused_by_name(bundle: Path, tmp_path: Path) -> None:
    damaged = tmp_path / "damaged.tar"
    shutil.copyfile(bundle, damaged)
    with tarfile.open(bundle) as tar:
        victim = next(member for member in tar if member.name.endswith(".deb") and member.size > 10_000)
    with damaged.open("r+b") as content:
        content.seek(victim.offset_data + 5_000)
        content.write(b"damaged")
    said = _unpack(damaged, tmp_path / "cache")
    assert "their checksums differ" in said
    assert victim.name in said


def test_a_bundle_that_ends_too_early_is_refused(bundle: Path, tmp_path: Path) -> None:
    short = tmp_path / "short.tar"
    with bundle.open("rb") as whole:
        short.write_bytes(whole.read(bundle.stat().st_size // 2))
    assert "ends too early" in _unpack(short, tmp_path / "cache")


def test_a_bundle_of_another_version_of_the_book_is_refused(bundle: Path, tmp_path: Path) -> None:
    checkout = tmp_path / "book"
    for name in ("environments/airgap", "environments/docker/service.txt", "requirements.txt"):
        (checkout / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, checkout / name)
    with (checkout / "requirements.txt").open("a") as lock:
        lock.write("one-more==1.0\n")
    done = subprocess.run([checkout / "environments/airgap", "unpack", bundle], capture_output=True, text=True,
                          env={**os.environ, "XDG_CACHE_HOME": str(tmp_path / "cache")})
    assert done.returncode == 1
    assert "another version of this book" in done.stderr


def test_what_is_no_bundle_is_refused(tmp_path: Path) -> None:
    (tmp_path / "any.tar").write_bytes(b"nothing of ours")
    assert "is no bundle" in _unpack(tmp_path / "any.tar", tmp_path / "cache")


def test_saved_images_come_back_on_an_engine_that_lost_them(docker_client: docker.DockerClient, tmp_path: Path) -> None:
    name = "microservices-by-experiment/saved:test"
    docker_client.images.get(debian(docker_client, "bookworm")).tag(name)
    saved = save(docker_client, [name], tmp_path)
    assert save(docker_client, [name], tmp_path) == saved
    docker_client.images.remove(name)
    docker_client.images.load(saved.read_bytes())
    assert docker_client.images.get(name)
    docker_client.images.remove(name)
