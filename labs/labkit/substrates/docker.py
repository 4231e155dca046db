"""The Docker substrate: each instance is a container, on a private network of its lab.

::

    this machine                          the lab's network
    notebook, load, users' proxy  -->  127.0.0.1:32768 = storefront-1:8000 --> proxy --> orders-1:8000 ...

What only the notebook needs, the load generator and the proxy of the users' links, are local processes under the
supervisor, as everywhere. The supervisor learns the lab's label before anything of it exists on the engine, and ends
everything that carries it when the notebook's kernel is gone. Every thread has a client of its own, as docker-py wants.
"""

from __future__ import annotations

import importlib.util
import itertools
import json
import os
import socket
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import docker
from docker.types import NetworkingConfig

from labkit.language import Text
from labkit.substrates.docker_container import Container, Troubles
from labkit.substrates.docker_members import NONE, DockerMembers, Mounts
from labkit.substrates.engine import LABEL
from labkit.substrates.image import program_image, service_image
from labkit.substrates.local_process import LocalProcess
from labkit.substrates.local_program import brought_home
from labkit.substrates.owner import owner_labels
from labkit.substrates.ports import CONTROL_PORT, SERVICE_PORT
from labkit.substrates.process import ProcessSubstrate
from labkit.substrates.program import Member, Program, script
from labkit.substrates.substrate import Died, Endpoint, Usage

__all__ = ["DockerSubstrate"]

_API = "1.41"  # Docker 20.10 and later
_HELPERS = ("labkit.faults.proxy", "labkit.load.engine")
_THREADS = 16
_MEMORY = 512 << 20  # bytes that a container may use
_PROCESSES = 512  # with threads
_CPUS = 1.0
_PROXY_SECONDS, _LISTEN_SECONDS = 30.0, 5.0
_SHOP = "mini_services"
_LABKIT = Path(__file__).resolve().parents[1]
_NOBODY, _ROOT = "65534:65534", "0:0"
_WRITABLE = {"/tmp": "size=16m,mode=1777", "/data": "size=64m,mode=1777,uid=65534"}  # the mode of a folder of the image stays


class DockerSubstrate:
    """Containers on the engine at ``address``; ``say`` hears what is being done while an image is made or fetched."""

    name = "docker"
    capabilities = frozenset({"proxy", "signals", "cpus", "network"})

    def __init__(self, address: str, say: Callable[[Text], None]) -> None:
        self._address, self._say = address, say
        self._local = ProcessSubstrate(_HELPERS)
        self.lab = os.path.basename(self._local.folder)
        self._network = f"lab-{self.lab}"
        self._labels = {LABEL: self.lab, **owner_labels()}
        self._mine = threading.local()
        self._threads = ThreadPoolExecutor(_THREADS, "labkit docker")
        self._containers: dict[str, Container] = {}
        self._numbers = itertools.count(1)
        self._images: dict[str, str] = {}
        self._listening = threading.Event()
        self._members = DockerMembers(self._api, self._network, self._labels, self._local.folder, self._door)

    def ready(self) -> None:
        """Have the image of the shop, made when it is not there; the network; and an ear for what ends."""
        if self._listening.is_set():
            return
        self._local.ready()
        self._image(_SHOP)
        self._local.request("engine", address=self._address, lab=self.lab)
        self._api().create_network(self._network, driver="bridge", labels=self._labels)
        threading.Thread(target=self._listen, name="labkit docker events", daemon=True).start()
        self._listening.wait(_LISTEN_SECONDS)

    # Start

    def launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int] = (), *, name: str,
               env: Mapping[str, str] | None = None) -> LocalProcess:
        """Run a helper of the notebook as a local process."""
        return self._local.launch(target, keywords, fds, name=name, env=env)

    def serve(self, app: str, *, name: str, env: Mapping[str, str], endpoint: Endpoint | None = None) -> Container:
        """Run ``app`` in a container; its port on this machine is new each time, so ``endpoint`` is of no use."""
        package = app.partition(".")[0]
        return self._run(name, self._image(package), ["labkit.container", "serve", app], SERVICE_PORT, env)

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        """Name the hosts on the lab's network, and have a volume for each that keeps what it writes."""
        brought_home(program)  # before an image is pulled for nothing
        program_image(self._client(), program.image, self._say)
        return self._members.gather(program, names)

    def run(self, program: Program, me: Member, members: Sequence[Member]) -> Container:
        """Run the program's image, with the lab's own command and files."""
        place, mounts = self._members.settle(program, me, members, next(self._numbers))
        return self._run(me.name, program.image, script(program, place), me.port, program.environment(place), mounts,
                         me.ports.get(program.inner))

    def inner_proxy(self) -> tuple[socket.socket, str]:
        """Start the fault proxy of the lab's network; gives its control channel and its address on the network."""
        container = self._run("proxy", self._image(_SHOP), ["labkit.container", "proxy"], CONTROL_PORT, {})
        until = time.monotonic() + _PROXY_SECONDS
        while time.monotonic() < until and not container.wait(0.02):
            sock = _answering(container.endpoint.port)
            if sock is not None:
                return sock, container.host
        raise Died(Text("The fault proxy in its container did not answer. Its last lines:",
                        "容器裡的故障代理沒有回應。最後幾行日誌："), container.log())

    def _door(self, name: str, target: str) -> str:
        """Start a container that passes on to ``target``; gives where it is published."""
        return self._run(name, self._image(_SHOP), ["labkit.container", "door", target], SERVICE_PORT, {}).endpoint.outside

    def _image(self, package: str) -> str:
        """The image that has this package of services in it."""
        if package not in self._images:
            self._images[package] = service_image(self._client(), [_LABKIT, _folder_of(package)], self._say)
        return self._images[package]

    def _run(self, name: str, image: str, command: Sequence[str], port: int, env: Mapping[str, str],
             mounts: Mounts = NONE, inner: int | None = None) -> Container:
        container = Container(name, inner or port, self._api, self._threads, self._network)
        unique = f"{self._network}-{name}-{next(self._numbers)}"

        def create(client: docker.APIClient) -> str:
            host = client.create_host_config(
                port_bindings={port: ("127.0.0.1", mounts.published)}, read_only=True, tmpfs=mounts.tmpfs(_WRITABLE),
                cap_drop=["ALL"], cap_add=list(mounts.capabilities), binds=mounts.binds,
                security_opt=["no-new-privileges"], init=True, mem_limit=_MEMORY, memswap_limit=_MEMORY,
                pids_limit=_PROCESSES, cpu_period=100_000, cpu_quota=int(_CPUS * 100_000))
            joined = client.create_endpoint_config(aliases=[name])
            network = NetworkingConfig({self._network: joined})  # type: ignore[arg-type]  # the stubs leave out its name
            made = client.create_container(
                image, list(command), name=unique, hostname=name, user=_ROOT if mounts.capabilities else _NOBODY,
                environment=dict(env), ports=[port],
                labels={**self._labels, "microservices-by-experiment.name": name}, host_config=host,
                networking_config=network, entrypoint=mounts.entry)
            mounts.prepare(client, str(made["Id"]))
            return str(made["Id"])

        self._threads.submit(container.begin, create, self._containers.__setitem__)
        return container

    # Look

    def usage(self) -> Usage:
        """What all containers and helpers of the lab use now."""
        parts = [self._local.usage(), *self._of_each(Container.usage)]
        return Usage(sum(part.cpu for part in parts), sum(part.memory for part in parts), sum(part.processes for part in parts))

    def _of_each(self, ask: Callable[[Container], Usage]) -> list[Usage]:
        """Ask side by side, or in turn where this Python is about to end and starts nothing any more."""
        containers = list(self._containers.values())
        try:
            return list(self._threads.map(ask, containers))
        except RuntimeError:
            return [ask(container) for container in containers]

    def _client(self) -> docker.DockerClient:
        """This thread's own."""
        if not hasattr(self._mine, "client"):
            self._mine.client = docker.DockerClient(base_url=self._address, version=_API)
        client: docker.DockerClient = self._mine.client
        return client

    def _api(self) -> docker.APIClient:
        """The same, call by call as the engine has them."""
        return self._client().api

    def _listen(self) -> None:
        """Hear from the engine which container has ended, until the engine or the lab is gone."""
        filters = {"type": "container", "event": "die", "label": f"{LABEL}={self.lab}"}
        try:
            with docker.APIClient(base_url=self._address, version=_API) as client:
                events = client.events(filters=filters)
                self._listening.set()
                for line in events:
                    container = self._containers.get(json.loads(line)["id"])
                    if container is not None:
                        container.died()
        except Troubles:
            pass
        for container in list(self._containers.values()):
            container.lost()

    # End

    def close(self, grace: float = 0.5) -> None:
        """End everything. The supervisor does it, as it would if the notebook had been killed."""
        self._local.close(grace)
        self._threads.shutdown(wait=False)

    @property
    def left(self) -> Text | None:
        """What could not be ended, after a close; None when nothing is left."""
        return self._local.left


def _folder_of(package: str) -> Path:
    """Where a package of services lies."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ModuleNotFoundError(str(Text("There is no package {name} here, so it cannot be put into an image.",
                                           "這裡沒有套件 {name}，無法放進鏡像。").format(name=package)))
    return Path(next(iter(spec.submodule_search_locations)))


def _answering(port: int) -> socket.socket | None:
    """The control channel, once the proxy itself has answered: the engine accepts for it before it listens."""
    sock = socket.socket()
    try:
        sock.settimeout(5.0)
        sock.connect(("127.0.0.1", port))
        sock.sendall(b'{"id": 0, "op": "stats"}\n')
        if sock.recv(65536).endswith(b"\n"):
            return sock
    except OSError:
        pass
    sock.close()
    return None
