"""What is left of a lab: processes, listening ports, folders, containers. Found in four ways, so that nothing can hide.

A marker in the environment is inherited by whatever the lab starts, however it detaches itself; the tree below the
supervisor is walked while it is there; the lab's folder lies below a private one; and what an engine made for it carries
its owner's pid. ``/proc`` and the engine answer, not the kit.
"""

from __future__ import annotations

import contextlib
import os
import socket
from dataclasses import dataclass, field
from pathlib import Path

import psutil

from tests.support.containers import of_owner
from tests.support.waiting import wait_for

__all__ = ["MARK", "Remains", "listening", "marked", "refuses"]

MARK = "LABKIT_TEST_MARK"


def marked(mark: str) -> list[psutil.Process]:
    """Every process of this machine whose environment holds the mark; zombies have none."""
    wanted = f"{MARK}={mark}".encode()
    found = []
    for pid in psutil.pids():
        try:
            if wanted in Path(f"/proc/{pid}/environ").read_bytes().split(b"\0"):
                found.append(psutil.Process(pid))
        except (OSError, psutil.Error):
            continue
    return found


def refuses(port: int, seconds: float = 1.0) -> bool:
    """Whether a connection to this port is refused at once: nobody holds a listening socket there any more."""
    with socket.socket() as caller:
        caller.settimeout(seconds)
        try:
            caller.connect(("127.0.0.1", port))
        except ConnectionRefusedError:
            return True
        except OSError:
            return False
        return caller.getsockname() == caller.getpeername()  # TCP can meet itself on a port where nobody listens


@dataclass
class Remains:
    """Watches all that carries ``mark``, ``folder``, the private parent of the lab's folders, and the owner's containers.

    Where labs are of another substrate, or too early to have an engine, ``engine`` is "".
    """

    mark: str
    folder: Path
    owner: int = 0
    engine: str = ""
    seen: set[psutil.Process] = field(default_factory=set)
    sockets: dict[int, int] = field(default_factory=dict)

    def look(self, *more: int) -> set[psutil.Process]:
        """Record what runs now: marked processes, those below ``more``, and the sockets on which they listen."""
        now = set(marked(self.mark))
        for pid in more:
            try:
                now |= {psutil.Process(pid), *psutil.Process(pid).children(recursive=True)}
            except psutil.NoSuchProcess:
                continue
        ports = listening()
        for process in now:
            self.sockets |= {inode: ports[inode] for inode in _inodes(process.pid) if inode in ports}
        self.seen |= now
        return now

    def alive(self) -> set[psutil.Process]:
        """All that was seen and still runs, and whatever carries the mark besides."""
        return {process for process in {*self.seen, *marked(self.mark)} if _runs(process)}

    def left(self, *, but: int = 0, folders: bool = True) -> list[str]:
        """One line for each thing that is still there, but the process ``but`` (an owner that may live on)."""
        lines = [_describe(process) for process in self.alive() if process.pid != but]
        lines += [f"port {port} still listens" for inode, port in listening().items() if inode in self.sockets]
        return lines + [f"folder {path}" for path in self.folders() if folders] + self.contained()

    def listening(self) -> int:
        """On how many sockets what is alive listens now."""
        return len(self.ports())

    def ports(self) -> dict[int, int]:
        """The ports on which what is alive listens now, by socket."""
        held = set[int]().union(*(_inodes(process.pid) for process in self.alive()))
        return {inode: port for inode, port in listening().items() if inode in held}

    def folders(self) -> list[Path]:
        """The folders of labs."""
        return sorted(self.folder.glob("labkit-*/*"))

    def contained(self) -> list[str]:
        """Each container and network that an engine has of this owner's labs, running or not."""
        return of_owner(self.engine, self.owner) if self.engine else []

    def assert_gone(self, seconds: float = 2.0, *, but: int = 0, folders: bool = True) -> None:
        """Nothing may be left ``seconds`` from now."""
        remaining: list[str] = []

        def gone() -> bool:
            remaining[:] = self.left(but=but, folders=folders)
            return not remaining

        try:
            wait_for(gone, "nothing is left", seconds)
        except AssertionError as late:
            raise AssertionError("left behind:\n  " + "\n  ".join(remaining)) from late

    def end(self) -> None:
        """End whatever a failed test left, so that it does not disturb the next."""
        for process in {*self.seen, *marked(self.mark)}:
            if process.pid != os.getpid() and _runs(process):
                process.kill()


def _runs(process: psutil.Process) -> bool:
    try:
        return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def listening() -> dict[int, int]:
    """The ports of all listening sockets of this machine by inode, which tells one socket from the next on its port."""
    rows = [line.split() for line in Path("/proc/net/tcp").read_text(encoding="ascii").splitlines()[1:]]
    return {int(row[9]): int(row[1].rpartition(":")[2], 16) for row in rows if row[3] == "0A"}


def _inodes(pid: int) -> set[int]:
    """The sockets that a process holds open."""
    held = set()
    with contextlib.suppress(OSError):
        for entry in os.scandir(f"/proc/{pid}/fd"):
            with contextlib.suppress(OSError):
                kind, _, number = os.readlink(entry.path).partition(":")
                held |= {int(number[1:-1])} if kind == "socket" else set()
    return held


def _describe(process: psutil.Process) -> str:
    try:
        command = " ".join(process.cmdline())[:120]
        return f"process {process.pid} (parent {process.ppid()}, {process.status()}): {command}"
    except psutil.Error:
        return f"process {process.pid}"
