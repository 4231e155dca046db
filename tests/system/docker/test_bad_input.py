"""Whatever is wrong with an image or a container gets a sentence, and the lab goes on or closes clean."""

from __future__ import annotations

import os

import docker
import httpx
import pytest

from labkit import Lab
from labkit.handles.service import Service
from labkit.substrates.image_trouble import CannotBuild
from labkit.substrates.substrate import Died
from labkit.systems.redis import Redis
from tests.support.says import says
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(300)]


def test_a_system_whose_image_nobody_has(lab: Lab, tiny: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    program = Redis.program
    monkeypatch.setattr(Redis, "program", lambda self, callees: _elsewhere(program(self, callees)))
    with pytest.raises(CannotBuild, match=r"The image 127\.0\.0\.1:9/redis:7 is not on this machine"):
        lab.system("redis")
    assert tiny.get("/ping").status_code == 200


def _elsewhere(program: object) -> object:
    from dataclasses import replace

    return replace(program, image="127.0.0.1:9/redis:7")  # type: ignore[type-var]


def test_a_system_that_ends_at_its_start_is_told_with_its_last_lines(lab: Lab, tiny: Service) -> None:
    with says(Died, "redis-1 ended while it started (exit status 1). Mend what its log says", log="FATAL CONFIG FILE ERROR"):
        lab.system("redis", memory="lots")
    assert tiny.get("/ping").status_code == 200


def test_a_container_killed_for_memory_says_so_and_can_be_restarted(lab: Lab) -> None:
    greedy = lab.service("greedy")
    with pytest.raises(httpx.TransportError):
        greedy[0].get("/take/1024", timeout=60)
    wait_for(lambda: not greedy.running, "the kernel ends it")
    assert "needed more memory than its limit" in greedy.logs()[-1]
    greedy.restart()
    assert greedy.get("/ping").status_code == 200


def test_a_container_that_somebody_else_removed(lab: Lab, docker_engine: str) -> None:
    tiny = lab.service("tiny", instances=2)
    client = docker.DockerClient(base_url=docker_engine)
    owner = f"microservices-by-experiment.owner={os.getpid()}"
    (victim,) = [one for one in client.containers.list(filters={"label": owner}) if "-tiny-1-" in str(one.name)]
    victim.remove(force=True)
    wait_for(lambda: not tiny[0].running, "the lab hears of it")
    assert tiny[1].get("/ping").status_code == 200
    tiny.restart()
    assert [tiny.get("/ping").status_code for _ in range(2)] == [200, 200]
