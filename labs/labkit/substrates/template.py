"""The template: a process that has imported the heavy libraries once and forks a child for each launch.

Importing FastAPI takes half a second and twenty megabytes; a fork takes three milliseconds and shares what was
imported (copy on write). So sixteen services start in less time than one ``python -m uvicorn``. The idea is Android's
zygote and CPython's own ``multiprocessing.forkserver``. Fork is safe here because this process never starts a thread.
"""

from __future__ import annotations

import gc
import importlib
import os
import random
import selectors
import signal
import socket
import sys
import traceback
from typing import Any

from labkit.substrates import proc
from labkit.substrates.launch import call
from labkit.substrates.wire import Wire

__all__ = ["main"]


def main(fds: list[int], preload: list[str]) -> None:
    """Import ``preload``, then fork for each launch that the supervisor asks for, until it is gone."""
    for number in (signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    for module in preload:
        _import(module)
    gc.collect()
    gc.freeze()  # the collector would touch, and so copy, every page that the children share
    _Template(Wire(socket.socket(fileno=fds[0]))).serve()


def _import(module: str) -> None:
    """A library that is not there is the service's own error, told when that service starts."""
    try:
        importlib.import_module(module)
    except ImportError as error:
        print(f"template: {module} was not preloaded: {error}", flush=True)


class _Template:
    def __init__(self, wire: Wire) -> None:
        self.wire, self.pid = wire, os.getpid()
        self._ended, self._wake = socket.socketpair()
        self._wake.setblocking(False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(self._wake.fileno(), warn_on_full_buffer=False)

    def serve(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self.wire, selectors.EVENT_READ, self._launches)
            selector.register(self._ended, selectors.EVENT_READ, self._reap)
            while True:
                for key, _ in selector.select():
                    key.data()

    def _launches(self) -> None:
        try:
            for message, fds in self.wire.receive():
                self._launch(message, fds)
        except EOFError:
            os._exit(0)

    def _launch(self, message: dict[str, Any], fds: list[int]) -> None:
        """No memory for another process, or no space for its log, is told before there is a process."""
        try:
            with open(message["log"], "ab") as log:
                pid = os.fork()
                if pid == 0:
                    self._become(message, fds, log.fileno())
        except OSError as error:
            self.wire.send({"id": message["id"], "error": error.strerror or str(error)})
        else:
            self.wire.send({"id": message["id"], "pid": pid})
        for fd in fds:
            os.close(fd)

    def _become(self, message: dict[str, Any], fds: list[int], log: int) -> None:
        """In the child: leave everything of the template behind and run the target; never returns."""
        status = 1
        try:
            signal.set_wakeup_fd(-1)
            for number in (signal.SIGCHLD, signal.SIGINT, signal.SIGHUP, signal.SIGTERM):
                signal.signal(number, signal.SIG_DFL)
            proc.die_with_parent(self.pid)
            os.setsid()
            self.wire.close()
            self._ended.close()
            self._wake.close()
            _redirect(log)
            os.environ.update(message["env"])
            random.seed()
            call(message["target"], fds, message["keywords"])
            status = 0
        except SystemExit as stop:
            status = stop.code if isinstance(stop.code, int) else int(stop.code is not None)
        except BaseException:
            traceback.print_exc()
        finally:
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(status)

    def _reap(self) -> None:
        self._ended.recv(4096)
        for pid, status in proc.reaped():
            self.wire.send({"exit": pid, "status": status})


def _redirect(log: int) -> None:
    """Standard output and error go to the log; standard input is empty."""
    null = os.open(os.devnull, os.O_RDONLY)
    for source, number in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, number)
    os.close(log)
    os.close(null)
