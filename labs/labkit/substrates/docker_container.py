"""One container that the Docker substrate has started, as the lab sees it."""

from __future__ import annotations

import contextlib
import signal
import threading
from collections.abc import Callable
from concurrent.futures import Executor
from typing import Any

import docker
from docker.errors import APIError, DockerException, NotFound
from requests.exceptions import RequestException

from labkit.language import Text
from labkit.substrates.cgroup import usage_of_group
from labkit.substrates.substrate import Died, Endpoint, Usage

__all__ = ["START_SECONDS", "Container", "Troubles"]

START_SECONDS = 60.0  # an engine that starts many at once on a slow machine
Troubles = (DockerException, RequestException, OSError)
Client = Callable[[], docker.APIClient]


class Container:
    """Created and started by :meth:`begin`, in a thread of its own; every other call waits for that."""

    def __init__(self, name: str, port: int, client: Client, threads: Executor, network: str) -> None:
        self.name, self._port = name, port
        self.status: int | None = None
        self._client, self._threads, self._network = client, threads, network
        self._id = ""
        self._pid = 0
        self._endpoint = Endpoint("", "")
        self._error = self._log = ""
        self._began, self._ended = threading.Event(), threading.Event()
        self._gone: Callable[[], None] = lambda: None

    # Start

    def begin(self, create: Callable[[docker.APIClient], str], created: Callable[[str, Container], None]) -> None:
        """Create it, say so to ``created`` (who hears of its end), and start it."""
        try:
            self._id = create(self._client())
            created(self._id, self)
            self._client().start(self._id)
            self._look()
        except Troubles as trouble:
            self._error = _sentence(trouble)
            self._ended.set()
        finally:
            self._began.set()

    def _look(self) -> None:
        """Where it listens: its address on the network, and the port that the engine published for it."""
        found = self._client().inspect_container(self._id)
        self._pid = found["State"]["Pid"]
        inside = found["NetworkSettings"]["Networks"].get(self._network, {}).get("IPAddress", "")
        ports = found["NetworkSettings"]["Ports"].values()
        published = [f"{one['HostIp']}:{one['HostPort']}" for port in ports for one in port or []]
        self._endpoint = Endpoint(published[0] if published else "127.0.0.1:0", f"{inside}:{self._port}")

    def _waited(self) -> Container:
        if not self._began.wait(START_SECONDS) or self._error:
            raise Died(Text("The container of {name} could not be started: {cause}",
                            "{name} 的容器無法啟動：{cause}").format(
                                name=self.name, cause=self._error or Text("the engine does not answer", "引擎沒有回應")), "")
        return self

    @property
    def endpoint(self) -> Endpoint:
        """Where it listens."""
        return self._waited()._endpoint

    @property
    def host(self) -> str:
        """Its address on the lab's network."""
        return self.endpoint.inside.partition(":")[0]

    @property
    def pid(self) -> int:
        """The process id of its first process, on the engine's machine."""
        return self._waited()._pid

    @property
    def id(self) -> str:
        """What the engine calls it."""
        return self._waited()._id

    # While it runs

    @property
    def running(self) -> bool:
        """Whether it has not ended; a paused one is running."""
        return not self._ended.is_set()

    def signal(self, number: int) -> None:
        """Pause and resume it by the engine's own freezer (SIGSTOP, SIGCONT); other signals go to its first process.

        SIGKILL takes the engine a while, so this does not wait for it: :meth:`wait` does.
        """
        if number == signal.SIGKILL:
            self._waited()
            self._leave()
            self._threads.submit(self._signal, number)
        else:
            self._signal(number)

    def _signal(self, number: int) -> None:
        if not self.running:
            return
        client, one = self._client(), self.id
        try:
            if number == signal.SIGSTOP:
                client.pause(one)
                return
            if client.inspect_container(one)["State"]["Paused"]:
                client.unpause(one)  # before a kill too: the engine kills no paused container
            if number != signal.SIGCONT:
                client.kill(one, number)
        except APIError as refused:
            if self.running and refused.status_code not in (404, 409):  # it has ended in between, or is so already
                raise

    def call_when_gone(self, callback: Callable[[], None]) -> None:
        """Where a container was, nobody refuses: calls hang. So its callers are told before it is killed."""
        self._gone = callback

    def _leave(self) -> None:
        self._endpoint = Endpoint("", "")
        self._gone()

    def wait(self, seconds: float) -> bool:
        """Wait for its end; whether it ended in time."""
        return self._ended.wait(seconds)

    def log(self) -> str:
        """All it has written so far, as the engine has it: its last lines may take some milliseconds to get there."""
        if not self._began.is_set() or self._ended.is_set():
            return self._log
        return self._read_log()

    def usage(self) -> Usage:
        """What it uses now; nothing when it has ended."""
        if not self._began.is_set() or not self.running:
            return Usage(0.0, 0, 0)
        return usage_of_group(self._pid) or self._told_usage()

    def _told_usage(self) -> Usage:
        """The same from the engine, where it is not on this kernel; that takes up to a second."""
        try:
            now = self._client().stats(self._id, stream=False, one_shot=True)
        except Troubles:  # it ended in between
            return Usage(0.0, 0, 0)
        memory = now["memory_stats"]
        cache = memory.get("stats", {}).get("inactive_file", 0)
        return Usage(now["cpu_stats"]["cpu_usage"]["total_usage"] / 1e9, max(0, memory.get("usage", 0) - cache), 1)

    def limit_cpus(self, cpus: float) -> Callable[[], None]:
        """From now on let it have so much processor time (0.5: half a processor); gives what takes the limit back."""
        before = self._client().inspect_container(self.id)["HostConfig"]
        self._client().update_container(self.id, cpu_period=100_000, cpu_quota=int(cpus * 100_000))
        quota, period = before["CpuQuota"], before["CpuPeriod"]

        def lift() -> None:
            if self.running:
                self._client().update_container(self._id, cpu_period=period or 100_000, cpu_quota=quota or -1)

        return lift

    def disconnect(self) -> Callable[[], None]:
        """Take it off the lab's network; gives what puts it back, where it has another address afterwards."""
        self._client().disconnect_container_from_network(self.id, self._network)

        def lift() -> None:
            if self.running:
                self._client().connect_container_to_network(self._id, self._network, aliases=[self.name])
                self._look()

        return lift

    # The end

    def died(self) -> None:
        """The engine says that it has ended: keep what it wrote and how it ended, and have it removed."""
        self._threads.submit(self._finish)

    def lost(self) -> None:
        """The engine is gone, and this with it."""
        self._error = self._error or str(Text("the engine is gone", "引擎不在了"))
        self._ended.set()

    def _finish(self) -> None:
        with contextlib.suppress(*Troubles):  # the engine is gone, or someone else has removed it
            state = self._client().inspect_container(self._id)["State"]
            self._log = self._read_log() + _of_memory(state)
            code = int(state["ExitCode"])
            self.status = 128 - code if code > 128 else code  # 137 is SIGKILL
        self._ended.set()
        self._leave()
        with contextlib.suppress(*Troubles):
            self._client().remove_container(self._id, v=True, force=True)

    def _read_log(self) -> str:
        try:
            return str(self._client().logs(self._id).decode("utf-8", "replace"))
        except NotFound:
            return self._log


def _of_memory(state: dict[str, Any]) -> str:
    return str(Text("\nIt was killed because it needed more memory than its limit.",
                    "\n它需要的記憶體超過了上限，因此被終止。")) + "\n" if state.get("OOMKilled") else ""


def _sentence(trouble: Exception) -> str:
    """The engine's own words, with a remedy where one is known."""
    said = str(getattr(trouble, "explanation", None) or trouble)
    if "no space left" in said:
        return str(Text("there is no space left where the engine keeps its data. docker system df tells what takes it; "
                        "docker system prune gives some back", "引擎存放資料的磁碟空間不足。docker system df 會顯示用在哪裡；"
                        "docker system prune 可以釋出一些"))
    if "address pool" in said:
        return str(Text("the engine has no free network left: remove unused ones with docker network prune",
                        "引擎沒有可用的網路了：請用 docker network prune 移除不用的"))
    return said
