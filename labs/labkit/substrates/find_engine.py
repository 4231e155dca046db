"""Is there a Docker engine that a lab can use, and if not, why not and what would help."""

from __future__ import annotations

import os
import shutil
import sys
from urllib.parse import urlsplit

import docker
from docker.context import ContextAPI
from docker.errors import DockerException, NotFound

from labkit.language import Text
from labkit.substrates.engine import is_local
from labkit.substrates.inside import in_container, own_container

__all__ = ["NoEngine", "engine_address", "engine_version"]

_DEFAULT = "unix:///var/run/docker.sock"
_OLDEST = (1, 41)  # Docker 20.10
_PING_SECONDS = 5


class NoEngine(RuntimeError):
    """No engine can be used; ``text`` says why and what to do."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


def engine_address() -> str:
    """Where the engine is: ``DOCKER_HOST``, else the context that ``docker context use`` chose, else the usual socket."""
    if os.environ.get("DOCKER_HOST"):
        return os.environ["DOCKER_HOST"]
    try:
        context = ContextAPI.get_current_context()
    except DockerException:
        context = None
    return str(context.Host) if context is not None and context.Host else _DEFAULT


def engine_version(address: str) -> str:
    """Ask the engine at ``address`` for its version; :class:`NoEngine` when it cannot be used."""
    if not is_local(address):
        raise NoEngine(Text(
            "the Docker engine at {address} is on another machine, so what a lab publishes on loopback would be there, not here. "
            "Unset DOCKER_HOST, or use local processes",
            "{address} 的 Docker 引擎在另一台機器上，實驗發布到 loopback 的連接埠會在那邊而不在這裡。請取消 DOCKER_HOST，"
            "或改用本機進程").format(address=address))
    try:
        client = docker.APIClient(base_url=address, timeout=_PING_SECONDS)
        with client:
            told = client.version(api_version=False)
            shared = _shares_its_network(client)
    except DockerException as trouble:
        raise NoEngine(_why(address, trouble)) from None
    if tuple(int(part) for part in told["ApiVersion"].split(".")) < _OLDEST:
        raise NoEngine(Text("the Docker engine is version {version}, and labs need 20.10 or later: upgrade it",
                            "Docker 引擎是 {version} 版，實驗需要 20.10 以上：請升級").format(version=told["Version"]))
    if not shared:
        raise NoEngine(Text(
            "this notebook runs in a container of that very engine, on a network of its own, so it cannot reach what a lab "
            "publishes on the loopback of the engine's machine; lab-with-engine in environments/docker/compose.yaml can",
            "這份筆記本在那個引擎的一個容器裡執行，有自己的網路，連不到實驗發布在引擎所在機器 loopback 上的連接埠；"
            "environments/docker/compose.yaml 的 lab-with-engine 可以"))
    return str(told["Version"])


def _shares_its_network(client: docker.APIClient) -> bool:
    """Whether what the engine publishes on its loopback is on ours: not so in a container of its own with its own network."""
    here = own_container()
    if here is None:
        return True
    try:
        return bool(client.inspect_container(here)["HostConfig"]["NetworkMode"] == "host")
    except NotFound:  # another engine's container, in which this one runs
        return True


def _why(address: str, trouble: Exception) -> Text:
    said = str(trouble)
    socket = urlsplit(address).path
    if "Permission denied" in said or "PermissionError" in said:
        if in_container():
            return Text("the Docker engine's socket {socket} is not permitted to this container's user: start the container with "
                        "DOCKER_GID=$(stat -c %g {socket})",
                        "這個容器的使用者沒有 Docker 引擎的 socket {socket} 的權限：啟動容器時請設定 "
                        "DOCKER_GID=$(stat -c %g {socket})").format(socket=socket)
        return Text("the Docker engine's socket {socket} is not permitted to you: sudo usermod -aG docker $USER, then log in again",
                    "你沒有 Docker 引擎的 socket {socket} 的權限：sudo usermod -aG docker $USER，再重新登入"
                    ).format(socket=socket)
    return Text("no Docker engine answers at {address} ({how})", "{address} 沒有 Docker 引擎回應（{how}）"
                ).format(address=address, how=_how_to_start())


def _how_to_start() -> Text:
    if sys.platform == "darwin":
        return Text("start Docker Desktop to use it", "要使用請啟動 Docker Desktop")
    if shutil.which("dockerd"):
        return Text("to use it: sudo systemctl start docker", "要使用：sudo systemctl start docker")
    if in_container():
        return Text("to have one in a container: lab-with-engine in environments/docker/compose.yaml",
                    "要在容器裡使用：environments/docker/compose.yaml 的 lab-with-engine")
    return Text("to have one: sudo apt-get install docker.io", "要安裝：sudo apt-get install docker.io")
