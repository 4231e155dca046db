"""The supervisor: a small process between a lab and all that the lab starts. When the lab's owner is gone, so is all.

It holds one end of a socket whose other end the notebook's kernel holds. However the kernel ends - a clean close, a
restart, ``kill -9`` - the operating system closes that socket, and the supervisor ends every process below it, removes
the lab's folder and leaves. On Linux it is a child subreaper, so that even a daemon that left its session and its
parent is found below it. It imports little and never works, so it is never too busy to notice.

    python -S -E -c '...; main(FD, FOLDER, ...)'
"""

from __future__ import annotations

import contextlib
import json
import os
import selectors
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable
from typing import Any

from labkit.substrates import leftovers, proc
from labkit.substrates.ending import end_all
from labkit.substrates.tree import signal_tree
from labkit.substrates.wire import Wire

__all__ = ["main"]

_ENGINE_SECONDS = 60.0  # how long it waits for an engine that is just starting again
_FORKS = sys.platform.startswith("linux")


def main(fd: int, folder: str, owner: int, python: str, preload: list[str], fork: bool) -> None:
    """Serve the owner on ``fd`` until it says close, or is gone; ``folder`` is this lab's alone."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    proc.become_subreaper()
    supervisor = _Supervisor(Wire(socket.socket(fileno=fd)), folder, owner, python)
    try:
        supervisor.begin(preload if fork and _FORKS else None)
        supervisor.serve()
    except (EOFError, OSError):
        pass
    finally:
        supervisor.finish()


class _Supervisor:
    def __init__(self, wire: Wire, folder: str, owner: int, python: str) -> None:
        self.wire, self.folder, self.python = wire, folder, python
        self.owner = {"pid": owner, "start": proc.start_time(owner)}
        self.template: Wire | None = None
        self.template_pid = 0
        self.running: dict[int, dict[str, Any]] = {}
        self.asked: dict[int, tuple[dict[str, Any], list[int]]] = {}
        self.programs: dict[int, subprocess.Popen[bytes]] = {}
        self.engine: dict[str, str] | None = None
        self.open = True
        self.selector = selectors.DefaultSelector()

    def begin(self, preload: list[str] | None) -> None:
        """Make the lab's folder, clear what dead labs left beside it, and start the template."""
        self._watch_children()
        self.selector.register(self.wire, selectors.EVENT_READ, self._requests)
        try:
            leftovers.make(self.folder)
            self._write_register()
        except OSError as error:
            self.wire.send({"began": False, "error": error.strerror or str(error), "folder": self.folder})
            raise
        if preload is not None:
            self._start_template(preload)
        self.wire.send({"began": True})
        leftovers.sweep(os.path.dirname(self.folder))

    def serve(self) -> None:
        while self.open:
            for key, _ in self.selector.select():
                key.data()

    def finish(self) -> None:
        """End every process below and every container, remove the folder, tell the owner if it is still there.

        Where no engine answers the register stays, and the next lab's sweep goes by it.
        """
        end_all()
        if leftovers.end_containers(self.engine, _ENGINE_SECONDS):
            shutil.rmtree(self.folder, ignore_errors=True)
        with contextlib.suppress(OSError):
            self.wire.send({"closed": True})

    # What the owner asks for

    def _requests(self) -> None:
        for message, fds in self.wire.receive():
            self._handle(getattr(self, "_do_" + message["op"]), message, fds)
            for fd in fds:
                os.close(fd)

    def _handle(self, handler: Callable[[dict[str, Any], list[int]], None], message: dict[str, Any],
                fds: list[int]) -> None:
        try:
            handler(message, fds)
        except OSError as error:
            self.wire.send({"id": message["id"], "error": error.strerror or str(error)})

    def _do_launch(self, message: dict[str, Any], fds: list[int]) -> None:
        if not self._template_takes(message, fds):
            self._do_program({**message, "argv": [
                self.python, "-m", "labkit.substrates.launch", message["target"], json.dumps(message["keywords"]),
                *map(str, fds)]}, fds)

    def _template_takes(self, message: dict[str, Any], fds: list[int]) -> bool:
        """Hand a launch to the template; ``False`` when there is none, or none any more."""
        if self.template is None:
            return False
        try:
            self.template.send(message, fds)
        except OSError:
            self._lose_template()
            return False
        self.asked[message["id"]] = message, [os.dup(fd) for fd in fds]
        return True

    def _answered(self, number: int) -> dict[str, Any]:
        """The launch that the template has answered; the copies of its descriptors are needed no more."""
        message, fds = self.asked.pop(number)
        for fd in fds:
            os.close(fd)
        return message

    def _do_program(self, message: dict[str, Any], fds: list[int]) -> None:
        with open(message["log"], "ab") as log:
            program = subprocess.Popen(message["argv"], stdin=subprocess.DEVNULL, stdout=log, stderr=log, pass_fds=fds,
                                       cwd=message.get("cwd"), env={**os.environ, **message["env"]},
                                       start_new_session=True, preexec_fn=proc.begin_child(os.getpid()))
        self.programs[program.pid] = program
        self._started(program.pid, message)

    def _do_engine(self, message: dict[str, Any], fds: list[int]) -> None:
        """From now on the lab has containers on the engine at ``address``, all labelled ``lab``: not one exists yet."""
        self.engine = {"address": message["address"], "lab": message["lab"]}
        self._write_register()
        self.wire.send({"id": message["id"], "ok": True})

    def _do_signal(self, message: dict[str, Any], fds: list[int]) -> None:
        """Signal one process and whatever it started."""
        entry = self.running.get(message["pid"])
        if entry is not None and proc.alive(entry["pid"], entry["start"]):
            signal_tree(entry["pid"], message["signal"])
        self.wire.send({"id": message["id"], "ok": entry is not None})

    def _do_close(self, message: dict[str, Any], fds: list[int]) -> None:
        """Ask politely first: a service finishes what it has in hand, for ``grace`` seconds at most."""
        self.open = False
        for pid in self.running:
            if proc.end(pid, self.running[pid]["start"], signal.SIGTERM):
                signal_tree(pid, signal.SIGCONT)
        until = time.monotonic() + message["grace"]
        while self.running and (left := until - time.monotonic()) > 0:
            for key, _ in self.selector.select(left):
                if key.fileobj is not self.wire:
                    key.data()
                elif not self.wire.sock.recv(1, socket.MSG_PEEK):
                    return

    # What the children do

    def _watch_children(self) -> None:
        ended, wake = socket.socketpair()
        wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake.fileno(), warn_on_full_buffer=False)
        self._ended, self._wake = ended, wake
        self.selector.register(ended, selectors.EVENT_READ, self._reap)

    def _start_template(self, preload: list[str]) -> None:
        here, there = socket.socketpair()
        self.template = Wire(here)
        with open(os.path.join(self.folder, "template.log"), "ab") as log:
            self.template_pid = subprocess.Popen(
                [self.python, "-m", "labkit.substrates.launch", "labkit.substrates.template:main",
                 json.dumps({"preload": preload}), str(there.fileno())], stdin=subprocess.DEVNULL, stdout=log,
                stderr=log, pass_fds=[there.fileno()], start_new_session=True,
                preexec_fn=proc.begin_child(os.getpid())).pid
        there.close()
        self.selector.register(self.template, selectors.EVENT_READ, self._from_template)

    def _from_template(self) -> None:
        if self.template is None:  # lost while its last words were waiting here
            return
        try:
            for message, _ in self.template.receive():
                if "exit" in message:
                    self._gone(message["exit"], message["status"])
                elif "error" in message:
                    self._answered(message["id"])
                    self.wire.send(message)
                else:
                    self._started(message["pid"], self._answered(message["id"]))
        except EOFError:
            self._lose_template()

    def _lose_template(self) -> None:
        """The template died (short of memory, say): launches go on one interpreter each, slower but alive."""
        assert self.template is not None
        self.selector.unregister(self.template)
        self.template.close()
        self.template = None
        for message, fds in list(self.asked.values()):  # whatever it had forked for these has died with it
            self._handle(self._do_launch, message, fds)
            self._answered(message["id"])

    def _reap(self) -> None:
        self._ended.recv(4096)
        for pid, status in proc.reaped():
            self._gone(pid, status)

    def _started(self, pid: int, message: dict[str, Any]) -> None:
        start = proc.start_time(pid)
        self.running[pid] = {"pid": pid, "start": start, "name": message["name"]}
        with contextlib.suppress(OSError):  # no space: the register is the second net, the label the first
            self._write_register()
        self.wire.send({"id": message["id"], "pid": pid, "start": start})

    def _gone(self, pid: int, status: int) -> None:
        self.programs.pop(pid, None)
        if self.running.pop(pid, None) is not None:
            self.wire.send({"exit": pid, "status": status})

    # The register

    def _write_register(self) -> None:
        """Who owns this folder and what runs for it: what the next lab's sweep goes by if this process is killed."""
        leftovers.write(self.folder, {
            "engine": self.engine, "owner": self.owner, "processes": list(self.running.values()),
            "supervisor": {"pid": os.getpid(), "start": proc.start_time(os.getpid())}})
