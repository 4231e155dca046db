"""environments/docker/compose.yaml, called as a reader would: JupyterLab with everything, with the engine's socket and without."""

from __future__ import annotations

import os
import re
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import docker
import psutil
import pytest

from labkit.substrates.engine import LABEL
from tests.support import two_systems
from tests.support.docker_compose import IMAGE, Compose, compose, services_image

pytestmark = [pytest.mark.needs("docker engine", "docker compose"), pytest.mark.timeout(900)]

LAB = two_systems.CODE + '    print("its label:", getattr(lab._substrate, "lab", "none"))\n'
WHERE = "from labkit import Lab; Lab().close()"
PYTHON = "/book/.venv/bin/python"


@pytest.fixture(scope="module")
def work(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("compose")


@pytest.fixture(scope="module")
def project(docker_engine: str, work: Path) -> Iterator[Compose]:
    client = docker.DockerClient(base_url=docker_engine, timeout=600)
    os.environ["DOCKER_HOST"], before = docker_engine, os.environ.get("DOCKER_HOST")
    socket = urlsplit(docker_engine).path
    try:
        with compose(client, work, DOCKER_SOCKET=socket, DOCKER_GID=str(Path(socket).stat().st_gid)) as made:
            made.call("build", "lab")
            yield made
    finally:
        os.environ.pop("DOCKER_HOST")
        os.environ.update({"DOCKER_HOST": before} if before else {})
        client.close()


def _asked(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_jupyterlab_is_there_for_this_machine_alone_and_asks_for_its_token(project: Compose) -> None:
    container = project.up("lab")
    told = re.search(r"(http://127\.0\.0\.1:\d+)/lab\S*\?token=(\w{32,})", container.logs().decode())
    assert told, container.logs().decode()
    url, token = told.groups()
    assert url == f"http://127.0.0.1:{project.port}"
    assert (_asked(f"{url}/api/contents"), _asked(f"{url}/api/contents?token={token}")) == (403, 200)
    listening = {one.laddr.ip for one in psutil.net_connections("tcp") if one.status == "LISTEN" and one.laddr.port == project.port}
    assert listening == {"127.0.0.1"}


def test_nobody_there_is_root_and_nothing_there_can_become_it(project: Compose) -> None:
    container = project.up("lab")
    status = dict(line.split(":\t") for line in container.exec_run(["cat", "/proc/self/status"]).output.decode().splitlines())
    assert (status["Uid"].split()[0], status["NoNewPrivs"]) == ("1000", "1")
    assert {int(status[name], 16) for name in ("CapPrm", "CapEff", "CapBnd", "CapAmb")} == {0}


def test_a_lab_inside_runs_local_processes_and_says_why(project: Compose) -> None:
    said = project.up("lab").exec_run([PYTHON, "-c", LAB]).output.decode()
    assert "Services run as local processes" in said
    assert "no Docker engine answers at unix:///var/run/docker.sock (to have one in a container: lab-with-engine" in said
    assert two_systems.ANSWERED in said


def test_with_the_engine_a_lab_inside_starts_containers_on_it_and_leaves_none(project: Compose, work: Path) -> None:
    services_image(project.client, work)
    said = project.up("lab-with-engine").exec_run([PYTHON, "-c", LAB]).output.decode()
    assert "Services run as Docker containers" in said, said
    assert two_systems.ANSWERED in said, said
    label = {"label": f"{LABEL}={said.partition('its label: ')[2].split()[0]}"}
    assert project.client.containers.list(all=True, filters=label) == []
    assert project.client.networks.list(filters=label) == []


def test_what_you_keep_outlives_the_container(project: Compose) -> None:
    project.up("lab").exec_run(["touch", "/book/labs/my-work/mine.ipynb"])
    project.call("rm", "--stop", "--force", "lab")
    assert project.up("lab").exec_run(["ls", "/book/labs/my-work"]).output == b"mine.ipynb\n"


def _alone(project: Compose, docker_engine: str, **settings: Any) -> str:
    """What a lab says in a container that got the engine's socket and nothing else."""
    volumes = {urlsplit(docker_engine).path: {"bind": "/var/run/docker.sock", "mode": "rw"}}
    run = project.client.containers.run
    return str(run(IMAGE, ["-c", WHERE], entrypoint=[PYTHON], remove=True, volumes=volumes, **settings).decode())


def test_a_container_that_got_the_socket_but_not_the_network_is_told_so(project: Compose, docker_engine: str) -> None:
    gid = Path(urlsplit(docker_engine).path).stat().st_gid
    said = _alone(project, docker_engine, group_add=[gid])
    assert "Services run as local processes" in said
    assert "it cannot reach what a lab publishes on the loopback of the engine's machine; lab-with-engine" in said


def test_a_container_that_may_not_use_the_socket_is_told_how_to_give_it_leave(project: Compose, docker_engine: str) -> None:
    said = _alone(project, docker_engine, network_mode="host")
    assert "start the container with DOCKER_GID=$(stat -c %g /var/run/docker.sock)" in said
