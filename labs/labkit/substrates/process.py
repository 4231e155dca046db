"""The process substrate: each instance is a process of this machine, forked from a template where fork is safe."""

from __future__ import annotations

import contextlib
import itertools
import os
import secrets
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Literal

from labkit.errors import Closed
from labkit.language import Text
from labkit.substrates import leftovers, proc
from labkit.substrates.local_members import LocalMembers
from labkit.substrates.local_process import ANSWER_SECONDS, LocalProcess
from labkit.substrates.local_program import find
from labkit.substrates.ports import listen
from labkit.substrates.program import Member, Program
from labkit.substrates.substrate import Endpoint, Usage
from labkit.substrates.usage import usage_of
from labkit.substrates.wire import Wire, close_in_forks

__all__ = ["ProcessSubstrate"]

Start = Literal["fork", "spawn"]

_SERVE = "labkit.substrates.serve:main"
_LABS = Path(__file__).resolve().parents[2]
_SUPERVISOR = (
    "import sys; sys.path.insert(0, sys.argv[1]); from labkit.substrates.supervisor import main; "
    "main(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]), sys.executable, sys.argv[6:], sys.argv[5] == 'fork')")


class ProcessSubstrate:
    """Starts a supervisor, and through it everything else.

    ``preload`` names modules that the template imports before it forks. ``start`` is "fork" on Linux and "spawn" (an
    interpreter for each process) elsewhere, since fork is not safe beside the threads of macOS's system libraries;
    ``LABKIT_START`` overrides it.
    """

    name = "process"
    capabilities = frozenset({"proxy", "signals"})

    def __init__(self, preload: Sequence[str] = (), start: Start | None = None) -> None:
        self.start = _how_to_start(start)
        self.folder = os.path.join(leftovers.base_folder(), f"{os.getpid()}-{secrets.token_hex(4)}")
        self._members = LocalMembers(self.folder, self.launch)
        self._processes: dict[int, LocalProcess] = {}
        self._waiting: dict[int, LocalProcess] = {}
        self._answers: dict[int, dict[str, Any]] = {}
        self._numbers = itertools.count(1)
        self._condition = threading.Condition()
        self._lost = False
        self._owner = os.getpid()
        self._began: dict[str, Any] | None = None
        self._start_supervisor(preload)

    def _start_supervisor(self, preload: Sequence[str]) -> None:
        try:
            self._wire = self._spawn_supervisor(preload)
        except OSError as error:
            raise RuntimeError(str(Text(
                "The lab could not be started: {cause}. Close other programs and notebooks, then run the cell again.",
                "無法啟動實驗：{cause}。請關閉其他程式和筆記本，再執行一次這個儲存格。"
            ).format(cause=error.strerror or error))) from None
        close_in_forks(self._wire)
        threading.Thread(target=self._read, name="labkit supervisor", daemon=True).start()

    def _spawn_supervisor(self, preload: Sequence[str]) -> Wire:
        path = os.pathsep.join([str(_LABS), str(_LABS.parent), *filter(None, [os.environ.get("PYTHONPATH")])])
        here, there = socket.socketpair()
        with there:
            try:
                self._supervisor = subprocess.Popen(
                    [sys.executable, "-S", "-E", "-c", _SUPERVISOR, str(_LABS), str(there.fileno()), self.folder,
                     str(os.getpid()), self.start, *preload],
                    stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                    pass_fds=[there.fileno()], start_new_session=True,
                    env={**os.environ, "PYTHONPATH": path, "PYTHONUNBUFFERED": "1",
                         proc.LABEL: os.path.basename(self.folder)})
            except BaseException:
                here.close()
                raise
        return Wire(here)

    def ready(self) -> None:
        """Wait until the lab's folder is there; a sentence when it cannot be made."""
        with self._condition:
            self._condition.wait_for(lambda: self._began is not None or self._lost, ANSWER_SECONDS)
        if self._began is None or not self._began["began"]:
            cause = (self._began or {}).get("error", "the supervisor ended")
            raise RuntimeError(str(Text(
                "The lab's folder {folder} could not be made: {cause}. Free some space, or set LABKIT_TMP to a folder "
                "that can be written.",
                "無法建立實驗資料夾 {folder}：{cause}。請釋出空間，或把 LABKIT_TMP 設為可寫入的資料夾。"
            ).format(folder=self.folder, cause=cause)))

    def launch(self, target: str, keywords: Mapping[str, Any], fds: Sequence[int] = (), *, name: str,
               env: Mapping[str, str] | None = None) -> LocalProcess:
        """Run ``target`` ("module:function") in a process of its own; returns at once, before it has begun."""
        self.ready()
        number = next(self._numbers)
        log = os.path.join(self.folder, f"{name}-{number}.log")
        process = LocalProcess(self, name, log)
        self._waiting[number] = process
        self._send({"op": "launch", "id": number, "name": name, "target": target, "keywords": dict(keywords),
                    "env": dict(env or {}), "log": log}, fds)
        return process

    def serve(self, app: str, *, name: str, env: Mapping[str, str], endpoint: Endpoint | None = None) -> LocalProcess:
        """Run ``app`` on a port that is bound first and handed over, so that it cannot be taken in between.

        ``OSError`` when the port of ``endpoint`` is no longer free.
        """
        with listen(endpoint.port if endpoint else 0, name) as listener:
            process = self.launch(_SERVE, {"app": app}, [listener.fileno()], name=name, env=env)
            address = f"127.0.0.1:{listener.getsockname()[1]}"
        process.endpoint = Endpoint(address, address)
        return process

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        """Hold loopback ports for instances of these names."""
        return self._members.gather(program, names)

    def run(self, program: Program, me: Member, members: Sequence[Member]) -> LocalProcess:
        """Run the program of this machine on its loopback ports, in a private folder below the lab's."""
        path = find(program)
        self.ready()
        number = next(self._numbers)
        place = self._members.settle(program, me, members, number)
        process = LocalProcess(self, me.name, os.path.join(self.folder, f"{me.name}-{number}.log"))
        process.endpoint = Endpoint(me.outside, me.at(program.inner) if program.inner else me.outside)
        self._waiting[number] = process
        path_first = os.pathsep.join([os.path.dirname(path), os.environ.get("PATH", os.defpath)])
        self._send({"op": "program", "id": number, "name": me.name, "argv": self._members.command(program, place, path),
                    "env": {"PATH": path_first, **program.environment(place)}, "cwd": place.folder, "log": process.log_file})
        return process

    def request(self, op: str, **arguments: Any) -> dict[str, Any]:
        """Ask the supervisor for one thing and wait for its answer."""
        number = next(self._numbers)
        self._send({"op": op, "id": number, **arguments})
        with self._condition:
            self._condition.wait_for(lambda: number in self._answers or self._lost, ANSWER_SECONDS)
            return self._answers.pop(number, {})

    def usage(self) -> Usage:
        """What all processes of the lab use now, the supervisor and the template among them."""
        pid = self._supervisor.pid
        return usage_of([pid, *proc.descendants(pid)])

    def template_log(self) -> str:
        """What the template wrote; usually nothing."""
        try:
            return Path(self.folder, "template.log").read_text(encoding="utf-8", errors="replace")
        except OSError:
            return ""

    def close(self, grace: float = 0.5) -> None:
        """End everything: politely for ``grace`` seconds, then for good. Nothing is left when this returns.

        In a fork of the owner, whose lab it is not, nothing happens.
        """
        if os.getpid() != self._owner:
            return
        self._members.close()
        with contextlib.suppress(Closed):  # the supervisor may be gone already
            self._send({"op": "close", "id": 0, "grace": grace})
        try:
            self._supervisor.wait(grace + 5.0)
        except subprocess.TimeoutExpired:
            self._supervisor.send_signal(signal.SIGKILL)
            self._supervisor.wait()
        self._clear()
        self._wire.close()

    @property
    def left(self) -> Text | None:
        """What a close could not end: containers of an engine that does not answer. None when nothing is left."""
        if not os.path.isdir(self.folder):
            return None
        return Text("the Docker engine does not answer, so containers of this lab may be left on it. The next lab ends them, as "
                    "does python -m labkit clean", "Docker 引擎沒有回應，這個實驗的容器可能還留在上面。下一個實驗會結束它們，"
                    "python -m labkit clean 也可以")

    def _clear(self) -> None:
        """Do what the supervisor leaves undone when it was killed; usually nothing."""
        if os.path.isdir(self.folder):
            leftovers.remove(self.folder)

    def inner_proxy(self) -> None:
        """There is no network but this machine's own."""

    def _send(self, message: dict[str, Any], fds: Sequence[int] = ()) -> None:
        try:
            with self._condition:
                self._wire.send(message, fds)
        except OSError:
            raise Closed from None

    def _read(self) -> None:
        try:
            while True:
                for message, _ in self._wire.receive():
                    self._dispatch(message)
        except (EOFError, OSError, ValueError):
            self._lose()

    def _dispatch(self, message: dict[str, Any]) -> None:
        with self._condition:
            if "began" in message:
                self._began = message
            elif "exit" in message:
                self._processes.pop(message["exit"]).ended(message["status"])
            elif message.get("id") in self._waiting:
                process = self._waiting.pop(message["id"])
                if "pid" in message:
                    self._processes[message["pid"]] = process
                process.answered(message.get("pid", 0), message.get("start"), message.get("error"))
            elif "id" in message:
                self._answers[message["id"]] = message
            self._condition.notify_all()

    def _lose(self) -> None:
        """The supervisor is gone, and with it everything below it."""
        self._clear()
        with self._condition:
            self._lost = True
            for process in [*self._waiting.values(), *self._processes.values()]:
                process.ended(None)
            self._condition.notify_all()


def _how_to_start(start: Start | None) -> str:
    wanted = start or os.environ.get("LABKIT_START") or ("fork" if sys.platform.startswith("linux") else "spawn")
    if wanted not in ("fork", "spawn"):
        raise ValueError(str(Text("LABKIT_START is “{wanted}”, but can be “fork” or “spawn”; leave it out, and the right one "
                                  "is taken.", "LABKIT_START 是「{wanted}」，但只能是「fork」或「spawn」；不設定就會自動選擇。"
                                  ).format(wanted=wanted)))
    return wanted
