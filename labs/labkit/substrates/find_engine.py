"""Is there a Docker engine that a lab can use, and if not, why not and what would help."""

from __future__ import annotations

import os
import shutil
import sys
from urllib.parse import urlsplit

import docker
from docker.context import ContextAPI
from docker.errors import DockerException

from labkit.language import Text
from labkit.substrates.engine import is_local

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
    except DockerException as trouble:
        raise NoEngine(_why(address, trouble)) from None
    if tuple(int(part) for part in told["ApiVersion"].split(".")) < _OLDEST:
        raise NoEngine(Text("the Docker engine is version {version}, and labs need 20.10 or later: upgrade it",
                            "Docker 引擎是 {version} 版，實驗需要 20.10 以上：請升級").format(version=told["Version"]))
    return str(told["Version"])


def _why(address: str, trouble: Exception) -> Text:
    said = str(trouble)
    socket = urlsplit(address).path
    if "Permission denied" in said or "PermissionError" in said:
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
    return Text("to have one: sudo apt-get install docker.io", "要安裝：sudo apt-get install docker.io")
