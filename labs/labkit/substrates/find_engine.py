"""Is there a Docker engine that a lab can use, and if not, why not and what would help."""

from __future__ import annotations

import os
import shutil
import sys
from urllib.parse import urlsplit

import docker
from docker.context import ContextAPI
from docker.errors import DockerException, NotFound
from requests.exceptions import RequestException

from labkit.language import Text
from labkit.substrates.engine import is_local
from labkit.substrates.inside import own_container
from labkit.substrates.packages import as_root, install_command

__all__ = ["NoEngine", "engine_address", "engine_version"]

_DEFAULT = "unix:///var/run/docker.sock"
_OLDEST = (1, 41)  # Docker 20.10
_PING_SECONDS = 5
_MANUAL = "https://docs.docker.com/engine/install"
_JOIN = "sudo usermod -aG docker $USER"
_ELSEWHERE = Text(
    "the Docker engine at {address} is on another machine, so what a lab publishes on loopback would be there, not here. "
    "Unset DOCKER_HOST, or use local processes",
    "{address} 的 Docker 引擎在另一台機器上，實驗發布到 loopback 的連接埠會在那邊而不在這裡。請取消 DOCKER_HOST，"
    "或改用本機進程")
_OWN_NETWORK = Text(
    "this notebook runs in a container of that very engine, on a network of its own, so it cannot reach what a lab "
    "publishes on the loopback of the engine's machine; lab-with-engine in environments/docker/compose.yaml can",
    "這份筆記本在那個引擎的一個容器裡執行，有自己的網路，連不到實驗發布在引擎所在機器 loopback 上的連接埠；"
    "environments/docker/compose.yaml 的 lab-with-engine 可以")


class NoEngine(RuntimeError):
    """No engine can be used; ``text`` says why and what to do. ``cause`` is the why alone, ``command`` does it, where one can."""

    def __init__(self, text: Text, command: str = "", cause: Text | None = None) -> None:
        super().__init__(str(text))
        self.text, self.command, self.cause = text, command, cause or text


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
        command = "unset DOCKER_HOST" if os.environ.get("DOCKER_HOST") else "docker context use default"
        raise NoEngine(_ELSEWHERE.format(address=address), command)
    try:
        client = docker.APIClient(base_url=address, timeout=_PING_SECONDS)
        with client:
            told = client.version(api_version=False)
            shared = _shares_its_network(client)
    except (DockerException, RequestException) as trouble:  # one that answers and then hangs too
        raise _why(address, trouble) from None
    if tuple(int(part) for part in told["ApiVersion"].split(".")) < _OLDEST:
        raise NoEngine(Text("the Docker engine is version {version}, and labs need 20.10 or later: upgrade it",
                            "Docker 引擎是 {version} 版，實驗需要 20.10 以上：請升級").format(version=told["Version"]),
                       install_command(debian="docker.io", fedora="moby-engine"))
    if not shared:
        raise NoEngine(_OWN_NETWORK)
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


def _why(address: str, trouble: Exception) -> NoEngine:
    said = str(trouble)
    if "Permission denied" in said or "PermissionError" in said:
        return _not_permitted(urlsplit(address).path)
    how, command = _how_to_start()
    cause = Text("no Docker engine answers at {address}", "{address} 沒有 Docker 引擎回應").format(address=address)
    return NoEngine(Text("{cause} ({how})", "{cause}（{how}）").format(cause=cause, how=how.format(command=command or _MANUAL)),
                    command, cause)


def _not_permitted(socket: str) -> NoEngine:
    if own_container() is not None:
        return NoEngine(Text(
            "the Docker engine's socket {socket} is not permitted to this container's user: start the container with "
            "DOCKER_GID=$(stat -c %g {socket})",
            "這個容器的使用者沒有 Docker 引擎的 socket {socket} 的權限：啟動容器時請設定 DOCKER_GID=$(stat -c %g {socket})"
        ).format(socket=socket))
    cause = Text("the Docker engine's socket {socket} is not permitted to you", "你沒有 Docker 引擎的 socket {socket} 的權限"
                 ).format(socket=socket)
    return NoEngine(Text("{cause}: {command}, then log in again", "{cause}：{command}，再重新登入"
                         ).format(cause=cause, command=_JOIN), _JOIN, cause)


def _how_to_start() -> tuple[Text, str]:
    start, get = Text("to use it: {command}", "要使用：{command}"), Text("to have one: {command}", "要安裝：{command}")
    if sys.platform == "darwin":
        if os.path.isdir("/Applications/Docker.app"):
            return start, "open -a Docker"
        return get, "brew install --cask docker-desktop"
    if shutil.which("dockerd") or os.path.exists("/usr/sbin/dockerd"):
        return start, as_root("systemctl start docker" if os.path.isdir("/run/systemd/system") else "service docker start")
    if own_container() is not None:
        return Text("to have one in a container: lab-with-engine in environments/docker/compose.yaml",
                    "要在容器裡使用：environments/docker/compose.yaml 的 lab-with-engine"), ""
    return get, install_command(debian="docker.io", fedora="moby-engine")
