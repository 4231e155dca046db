"""What a lab leaves on a real engine when its owner and its supervisor are killed together is listed and ended, and no more."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import docker
import pytest
from docker.models.containers import Container

from labkit.substrates import owner as owners
from labkit.substrates.engine import LABEL
from tests.support.owners import ROOT, Owner, environment, owner

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(600)]
IMAGE = "redis:7.2.16-bookworm"


@pytest.fixture
def address(docker_engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The engine under an address that can be taken away, as if it had been stopped."""
    with tempfile.TemporaryDirectory(prefix="tidy-") as folder:  # a socket's path has at most 107 characters
        link = Path(folder, "docker.sock")
        link.symlink_to(docker_engine.removeprefix("unix://"))
        monkeypatch.setenv("DOCKER_HOST", f"unix://{link}")
        yield f"unix://{link}"


@contextmanager
def running(folder: Path, address: str) -> Iterator[tuple[Owner, str]]:
    """An owner whose lab of five services in containers is open, and the lab's name."""
    with owner(folder, "wait", LABKIT_SUBSTRATE="docker", DOCKER_HOST=address) as one:
        one.reach("waiting", 120)
        one.look()
        yield one, one.remains.folders()[0].name


@contextmanager
def container(client: docker.DockerClient, **labels: str) -> Iterator[Container]:
    """Somebody else's."""
    one = client.containers.run(IMAGE, ["redis-server"], detach=True, labels={"microservices-by-experiment.test": "tidy", **labels})
    try:
        yield one
    finally:
        one.remove(force=True, v=True)


def _of(lab: str) -> dict[str, str]:
    return {"label": f"{LABEL}={lab}"}


def labkit(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-m", "labkit", *arguments], cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True, env=environment("none", folder))


def listed(folder: Path, lab: str) -> dict[str, Any] | None:
    return next((one for one in json.loads(labkit(folder, "ps", "--json").stdout)["labs"] if one["lab"] == lab), None)


def things(client: docker.DockerClient, lab: str) -> list[str]:
    """The names of all that the engine has of a lab, asked of docker-py and not of the kit."""
    return [one.name for one in (*client.containers.list(all=True, filters=_of(lab)), *client.networks.list(filters=_of(lab)))]


@pytest.mark.parametrize("with_folder", [True, False])
def test_containers_and_network_of_a_dead_lab_are_listed_and_ended_and_nobody_elses(
        docker_client: docker.DockerClient, address: str, tmp_path: Path, with_folder: bool) -> None:
    another_users = {LABEL: "1-ab", **owners.owner_labels(), f"{owners.OWNER}.user": "12345"}
    with container(docker_client) as stranger, container(docker_client, **another_users) as colleague, \
            running(tmp_path, address) as (one, lab):
        alive = listed(tmp_path, lab)
        assert alive is not None
        assert (alive["state"], len(alive["containers"]), len(alive["networks"])) == ("alive", 6, 1)
        one.kill_with_supervisor()
        if not with_folder:
            shutil.rmtree(one.remains.folders()[0])
        left = listed(tmp_path, lab)
        assert left is not None
        assert (left["state"], left["owner"], left["folder"] is not None) == ("left", one.process.pid, with_folder)
        assert {made["name"] for made in (*left["containers"], *left["networks"])} == set(things(docker_client, lab))
        assert len(left["containers"]) == 6

        done = labkit(tmp_path, "clean", lab)
        assert (done.returncode, things(docker_client, lab)) == (0, []), done.stdout
        assert "6 container(s), 1 network(s)" in done.stdout
        one.remains.assert_gone(0.1)
        assert listed(tmp_path, "1-ab") is None, "another user's is not even listed"
        for other in (stranger, colleague):
            other.reload()
            assert other.status == "running"


def test_a_living_lab_is_not_ended_without_its_folder_either(
        docker_client: docker.DockerClient, address: str, tmp_path: Path) -> None:
    """Its processes carry the lab's name, and that its owner's pid; the folder may be one that this user cannot see."""
    with running(tmp_path, address) as (one, lab):
        before = things(docker_client, lab)
        folder = one.remains.folders()[0]
        hidden = folder.rename(tmp_path / "hidden")
        refused = labkit(tmp_path, "clean", lab)
        hidden.rename(folder)
        assert refused.returncode == 2, refused.stdout
        assert things(docker_client, lab) == before
        one.kill_with_supervisor()
        assert labkit(tmp_path, "clean", lab).returncode == 0


def test_while_the_engine_is_down_clean_says_so_and_ends_the_rest_when_it_is_back(
        docker_client: docker.DockerClient, docker_engine: str, address: str, tmp_path: Path) -> None:
    with running(tmp_path, address) as (one, lab):
        one.kill_with_supervisor()
        link = Path(address.removeprefix("unix://"))
        link.unlink()
        left = listed(tmp_path, lab)
        assert left is not None
        assert left["silent"] == [address]
        refused = labkit(tmp_path, "clean", lab)
        assert refused.returncode == 1
        assert "Start the engine, then run this again." in refused.stdout
        link.symlink_to(docker_engine.removeprefix("unix://"))
        assert things(docker_client, lab)
        done = labkit(tmp_path, "clean", lab)
        assert (done.returncode, things(docker_client, lab)) == (0, []), done.stdout
        one.remains.assert_gone(0.1)


def test_doctor_tells_the_engine_and_what_its_images_are(docker_client: docker.DockerClient, address: str, tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-m", "labkit", "doctor", "--json"], cwd=ROOT, capture_output=True, text=True,
                          env={name: value for name, value in environment("none", tmp_path).items() if name != "LABKIT_SUBSTRATE"})
    told = json.loads(done.stdout)
    assert (told["substrate"], told["engine"]["state"]) == ("docker", "here")
    assert told["engine"]["version"] == docker_client.version()["Version"]
    redis = next(one for one in told["systems"] if one["name"] == "redis")
    labels = docker_client.images.get(IMAGE).labels
    assert redis["docker"]["state"] == "here"
    assert redis["docker"]["stand_in"] == ("microservices-by-experiment.image" in labels)
    assert redis["docker"]["version"] == labels.get("microservices-by-experiment.version", "7.2.16")
