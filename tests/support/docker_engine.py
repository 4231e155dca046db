"""A real Docker engine for tests where none runs: Debian's ``dockerd``, in folders of its own, ended when the last user leaves.

    python -m tests.support.docker_engine COMMAND...        runs COMMAND with DOCKER_HOST set to it

An engine that runs already is used as it is and never ended. Its own one keeps its images outside the checkout, so that
a second run finds them. Several test runs may use it at once: each holds a shared lock, and whoever leaves last, because
it gets the lock alone, ends it by its pid. If the last one was killed, the next one finds the engine and takes it over.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import docker
from docker.errors import DockerException

from labkit.substrates.cache import cache_folder
from tests.support.waiting import wait_for

__all__ = ["available", "engine", "stopped"]

_HOME = cache_folder() / "engine"
_SOCKET = _HOME / "docker.sock"
_NETWORKS = _HOME / "data" / "network"
_RULES = ("iptables", "--wait", "--table", "nat")


def available() -> bool:
    """Whether an engine answers, or one can be started here and given images: that takes Debian's programs and root."""
    return _running() is not None or (os.geteuid() == 0 and all(map(shutil.which, ("dockerd", "mmdebstrap"))))


@contextmanager
def engine() -> Iterator[str]:
    """The address of an engine that answers (what DOCKER_HOST takes)."""
    running = _running()
    if running and running != _own():
        yield running
        return
    _HOME.mkdir(parents=True, exist_ok=True)
    with (_HOME / "users").open("w") as users:
        fcntl.flock(users, fcntl.LOCK_SH)
        with _alone():
            if not _answers(_own()):
                _start()
        try:
            yield _own()
        finally:
            _leave(users.fileno())


@contextmanager
def stopped() -> Iterator[None]:
    """The engine that this module has started, down for a while; one that belongs to somebody else is never stopped."""
    if _running() != _own():
        raise RuntimeError("the engine in use was not started by these tests, so they do not stop it")
    with _alone():
        _end()
        try:
            yield
        finally:
            _start()


@contextmanager
def _alone() -> Iterator[None]:
    with (_HOME / "starting").open("w") as starting:
        fcntl.flock(starting, fcntl.LOCK_EX)
        yield


def _own() -> str:
    return f"unix://{_SOCKET}"


def _running() -> str | None:
    """The address of an engine that answers: the one that the environment names, else this module's own."""
    named = os.environ.get("DOCKER_HOST") or "unix:///var/run/docker.sock"
    return next((address for address in (named, _own()) if _answers(address)), None)


def _answers(address: str) -> bool:
    with suppress(DockerException, OSError):
        client = docker.DockerClient(base_url=address, timeout=5)
        try:
            return bool(client.ping())
        finally:
            client.close()
    return False


def _start() -> None:
    """Start the engine; with its networks forgotten, if it does not start otherwise.

    One that was ended while it made or removed a network panics at each start from then on (moby 20.10, reservePools).
    """
    if not _started():
        _forget_networks()
        if not _started():
            raise RuntimeError(f"dockerd ended at once; the end of {_HOME / 'log'}:\n{_tail()}")


def _started() -> bool:
    """Start the engine in a session of its own, so that an interrupt of the tests does not end it under them."""
    _end()  # one that no longer answers would hold the folder
    _lift_stale_rules()
    command = ["dockerd", f"--host={_own()}", f"--data-root={_HOME / 'data'}", f"--exec-root={_HOME / 'exec'}",
               f"--pidfile={_HOME / 'pid'}", "--log-level=warn", "--label=microservices-by-experiment.engine=tests"]
    with (_HOME / "log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)
    wait_for(lambda: process.poll() is not None or _answers(_own()), f"an answer of dockerd (its log: {_HOME / 'log'})", 60)
    return process.poll() is None


def _forget_networks() -> None:
    """Make the engine know of none, and take their bridges from this machine, as it would have done."""
    known = [found for file in _NETWORKS.glob("files/*.db") for found in re.findall(rb"/bridge/([0-9a-f]{64})/", file.read_bytes())]
    for bridge in _links() & {f"br-{network.decode()[:12]}" for network in known}:
        subprocess.run(["ip", "link", "delete", bridge], check=True)
    shutil.rmtree(_NETWORKS, ignore_errors=True)  # an engine that never came so far has none


def _lift_stale_rules() -> None:
    """Take back what an engine that was killed has left in the kernel: rules for a bridge that is there no more.

    They say that what comes from a subnet and does not leave by that bridge is sent on in the gateway's name. A network
    that is given the subnet later has another bridge: its containers no longer know each other by their addresses, so
    that members of a Redis cluster lose each other, and Keepalived's do not meet. Where rules cannot be read, dockerd
    cannot work either, and says why.
    """
    rules = subprocess.run([*_RULES, "-S", "POSTROUTING"], capture_output=True, text=True).stdout
    for rule in rules.splitlines():
        bridge = re.search(r" ! -o (br-[0-9a-f]{12}) -j MASQUERADE$", rule)
        if bridge and bridge[1] not in _links():
            subprocess.run([*_RULES, *rule.replace("-A", "-D", 1).split()], capture_output=True)  # or another has just done it


def _links() -> set[str]:
    return {name for _, name in socket.if_nameindex()}


def _tail() -> str:
    return "\n".join((_HOME / "log").read_text("utf-8", "replace").splitlines()[-8:])


def _leave(users: int) -> None:
    """End the engine unless somebody else uses it still."""
    with _alone(), suppress(BlockingIOError):
        fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
        _end()


def _end() -> None:
    pid = _pid()
    if pid is not None:
        os.kill(pid, signal.SIGTERM)
        wait_for(lambda: _pid() is None, f"the end of dockerd, process {pid}", 60)
    _unmount()


def _unmount() -> None:
    """dockerd leaves the namespace of the host's network mounted, and nobody could remove the folder."""
    mounted = [line.split()[1] for line in Path("/proc/mounts").read_text("utf-8").splitlines()]
    for place in (place for place in mounted if place.startswith(f"{_HOME / 'exec'}/")):
        subprocess.run(["umount", place], check=True)


def _pid() -> int | None:
    """The pid of this module's engine while it runs; a pid file that outlived its engine may name anybody."""
    try:
        pid = int((_HOME / "pid").read_text("ascii"))
        command = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        state = Path(f"/proc/{pid}/stat").read_text("ascii").rpartition(")")[2].split()[0]
    except (OSError, ValueError):
        return None
    return pid if f"--pidfile={_HOME / 'pid'}".encode() in command and state != "Z" else None


def main(command: list[str]) -> int:
    """Run ``command`` beside the engine; its exit status."""
    with engine() as address:
        return subprocess.run(command, env={**os.environ, "DOCKER_HOST": address}).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
