"""Eight services in containers: how soon they answer, beside docker-py and testcontainers that start them one by one.

All sides use the same engine, image, application, network, user and limits: those of a container that the lab has
made, as the engine tells them. The others serve with ``python -m uvicorn``, as one would write it.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import docker
from docker.models.containers import Container

from labkit import Lab
from labkit.substrates.ports import SERVICE_PORT, healthy
from tests.bench.engines import NO_ENGINE, available, engine
from tests.bench.line import Line, Missing, median_of

__all__ = ["lines"]

N = 8
APP = "tests.support.services.tiny:app"
UVICORN = ["uvicorn", APP, "--host", "0.0.0.0", "--port", str(SERVICE_PORT), "--log-level", "error"]
NETWORK = "microservices-by-experiment-bench"
POLL = 0.01  # seconds: testcontainers would wait for a whole one


def lines() -> Iterator[Line | Missing]:
    """All sides are measured in turn, three times."""
    if not available():
        yield Missing("start_8_docker", NO_ENGINE)
        return
    with engine() as client, _network(client):
        warm, cold, docker_py, one_by_one, testcontainers = median_of(3, lambda: _once(client))
    yield Line("start_8_docker", f"{N} containers: time to answer ÷ docker-py's, each started when the one before answers "
               f"({warm:.2f} s / {one_by_one:.2f} s)", warm / one_by_one, 0.6)
    yield Line("start_8_docker_all", f"the same ÷ docker-py's, one after the other and then wait for all ({warm:.2f} s / "
               f"{docker_py:.2f} s)", warm / docker_py, 0.9)
    yield Line("start_8_docker_cold", f"the same with the start of the lab itself counted ({cold:.2f} s / {one_by_one:.2f} s)",
               cold / one_by_one, 0.9)
    yield Line("start_8_testcontainers", f"{N} containers: time to answer ÷ testcontainers-python's, one after the other "
               f"({warm:.2f} s / {testcontainers:.2f} s)", warm / testcontainers, 0.7)


def _once(client: docker.DockerClient) -> tuple[float, ...]:
    warm, cold, same = _kit(client)
    return (warm, cold, _docker_py(client, same, one_by_one=False), _docker_py(client, same, one_by_one=True),
            _testcontainers(same))


def _kit(client: docker.DockerClient) -> tuple[float, float, dict[str, Any]]:
    """Seconds from the call, and from the start of the lab; and how its containers are made, in docker-py's words."""
    began = time.monotonic()
    with Lab(substrate="docker", package="tests.support.services") as lab:
        asked = time.monotonic()
        service = lab.service("tiny", instances=N)
        ready = time.monotonic()
        made = client.containers.get(str(service[0].process.id))  # type: ignore[union-attr]
        return ready - asked, ready - began, _same(made)


def _same(container: Container) -> dict[str, Any]:
    host, config = container.attrs["HostConfig"], container.attrs["Config"]
    return {"image": config["Image"], "user": config["User"], "read_only": host["ReadonlyRootfs"], "tmpfs": host["Tmpfs"],
            "cap_drop": host["CapDrop"], "security_opt": host["SecurityOpt"], "init": host["Init"],
            "mem_limit": host["Memory"], "memswap_limit": host["MemorySwap"], "pids_limit": host["PidsLimit"],
            "cpu_period": host["CpuPeriod"], "cpu_quota": host["CpuQuota"]}


def _docker_py(client: docker.DockerClient, same: dict[str, Any], one_by_one: bool) -> float:
    with ExitStack() as ends:
        began, running = time.monotonic(), []
        for _ in range(N):
            container = client.containers.run(command=UVICORN, detach=True, network=NETWORK,
                                              ports={SERVICE_PORT: ("127.0.0.1", None)}, **same)
            ends.callback(container.remove, force=True, v=True)
            running.append(container)
            if one_by_one:
                _wait(container)
        for container in running:
            _wait(container)
        return time.monotonic() - began


def _wait(container: Container) -> None:
    container.reload()
    port = int(container.ports[f"{SERVICE_PORT}/tcp"][0]["HostPort"])
    until = time.monotonic() + 60
    while not healthy(port, 5.0):
        if time.monotonic() > until:
            raise TimeoutError(f"{container.name} did not answer:\n{container.logs().decode()}")
        time.sleep(POLL)


def _testcontainers(same: dict[str, Any]) -> float:
    """As its documentation writes it: each is started when the one before answers. Its reaper needs an image of its own."""
    os.environ["TESTCONTAINERS_RYUK_DISABLED"] = "true"
    from testcontainers.core.container import DockerContainer
    from testcontainers.core.wait_strategies import HttpWaitStrategy

    made = {name: value for name, value in same.items() if name not in ("image", "tmpfs")}
    with ExitStack() as ends:
        began = time.monotonic()
        for _ in range(N):
            container = DockerContainer(same["image"]).with_command(UVICORN).with_exposed_ports(SERVICE_PORT)
            for path, options in same["tmpfs"].items():
                container.with_tmpfs_mount(path, options)
            container.with_kwargs(network=NETWORK, **made)
            container.waiting_for(HttpWaitStrategy(SERVICE_PORT, "/health").with_poll_interval(POLL))
            ends.enter_context(container)
        return time.monotonic() - began


@contextmanager
def _network(client: docker.DockerClient) -> Iterator[None]:
    for left in client.networks.list(names=[f"^{NETWORK}$"]):  # of a bench that was killed
        for container in client.containers.list(all=True, filters={"network": NETWORK}):
            container.remove(force=True, v=True)
        left.remove()
    network = client.networks.create(NETWORK)
    try:
        yield
    finally:
        network.remove()
