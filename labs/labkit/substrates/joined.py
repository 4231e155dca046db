"""Network stacks of their own for local processes, joined by a bridge: for programs that move an address between them.

::

    this machine                  the bridge's stack               the stack of each member
    127.0.0.1:41001  -- door -->  br0 10.77.0.254  -- veth -->  eth0 10.77.0.1, and 10.77.0.250 while it is the holder
    127.0.0.1:41002  <-- door --  10.77.0.254:41002  <----------

The stacks have no names: each is there as long as a process is in it (namespaces(7)), and those are the lab's, under its
supervisor. Who is not root makes them in a user namespace of his own, where the machine allows that.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import itertools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

from labkit.language import Text
from labkit.substrates.local_process import ANSWER_SECONDS, LocalProcess
from labkit.substrates.local_program import find
from labkit.substrates.ports import listen
from labkit.substrates.program import Member, NotHere, Program, Shared
from labkit.substrates.relay import relay
from labkit.substrates.substrate import Died

__all__ = ["Joined", "main", "refusal"]

_NETWORK = "10.77.0"
_BRIDGE, _SHARED = f"{_NETWORK}.254", f"{_NETWORK}.250"
_TOOLS = ("ip", "nsenter", "unshare")
_NEW_USER, _NEW_NET = 0x10000000, 0x40000000  # sched.h
_NET_ADMIN, _SYS_ADMIN = 12, 21  # capability.h
_NEITHER = Text("{name} needs a network stack of its own for each member. {cause} In containers it runs without that: "
                "Lab(substrate=\"docker\").",
                "{name} 的每個成員都需要自己的網路堆疊。{cause}用容器執行則不受此限：Lab(substrate=\"docker\")。")
_LINUX = Text("Of local processes only Linux's can have one.", "本機進程只有在 Linux 上才能有。")
_NO_TOOLS = Text("To make them takes {tools}, which this machine has not: install iproute2 and util-linux.",
                 "建立它需要 {tools}，這台機器上沒有：請安裝 iproute2 與 util-linux。")
_FORBIDDEN = Text("This machine does not let you make one ({cause}): start Jupyter as root, or allow user namespaces "
                  "(sysctl user.max_user_namespaces; on Ubuntu kernel.apparmor_restrict_unprivileged_userns=0 too).",
                  "這台機器不允許你建立（{cause}）：請以 root 啟動 Jupyter，或允許使用者命名空間"
                  "（sysctl user.max_user_namespaces；在 Ubuntu 上還有 kernel.apparmor_restrict_unprivileged_userns=0）。")
_NO_BRIDGE = Text("The bridge between the members of {name} could not be made. Its last lines:",
                  "無法建立 {name} 成員之間的橋接器。最後幾行日誌：")
_JOIN = """set -e
ip link add eth0 address "$4" type veth peer name "$3" netns "$1"
ip address add "$2/24" dev eth0
ip link set lo up
ip link set eth0 up
nsenter "--net=/proc/$1/ns/net" ip link set "$3" master br0 up
shift 4
exec "$@"
"""


class Joined:
    """The stacks of one system's instances, for the notebook: a process that holds the bridge, and the way into each stack."""

    def __init__(self, launch: Callable[..., LocalProcess], program: Program, names: Sequence[str]) -> None:
        self.members: list[Member] = []
        self._numbers = itertools.count(1)
        cause = refusal()
        if cause is not None:
            raise NotHere(_NEITHER.format(name=program.name, cause=cause))
        find(program)  # before a bridge is made for nothing
        self._user, self._process = self._start(launch, program, names)

    @property
    def way_out(self) -> str:
        """Where the members find the ports of this machine's loopback that their program calls."""
        return _BRIDGE

    def command(self, me: Member, command: Sequence[str]) -> list[str]:
        """``command`` in a stack of its own, joined to the bridge as ``me``."""
        pid = str(self._process.pid)
        return ["nsenter", f"--target={pid}", *["--user", "--preserve-credentials"] * self._user, "--net", "unshare", "--net",
                "sh", "-c", _JOIN, "sh", pid, me.host, f"member{next(self._numbers)}", _hardware(me.host), *command]

    def close(self) -> None:
        """End the bridge; the stacks end with their members."""
        self._process.signal(signal.SIGKILL)

    def _start(self, launch: Callable[..., LocalProcess], program: Program, names: Sequence[str]) -> tuple[bool, LocalProcess]:
        """Launch the process, with a listener on this machine for each member and one for what they share."""
        assert program.stack is not None
        hosts = [f"{_NETWORK}.{number}" for number in range(1, len(names) + 1)]
        ways = [f"{_SHARED}:{program.ports[program.stack.shared]}", *(f"{host}:{program.port}" for host in hosts)]
        here, there = socket.socketpair()
        with contextlib.ExitStack() as ours:
            for end in (here, there):
                ours.enter_context(end)
            listeners = [ours.enter_context(listen(0, program.name)) for _ in ways]
            process = launch("labkit.substrates.joined:main", {"ways": ways, "calls": list(program.stack.calls)},
                             [there.fileno(), *(listener.fileno() for listener in listeners)], name=f"{names[0]}-bridge")
            there.close()
            told = _line(here)
            shared, *outside = (f"127.0.0.1:{listener.getsockname()[1]}" for listener in listeners)
        if not told:
            raise Died(_NO_BRIDGE.format(name=program.name), process.log())
        self.members = [Member(name, host, program.port, program.ports, door, Shared(_SHARED, shared, shared))
                        for name, host, door in zip(names, hosts, outside, strict=True)]
        return json.loads(told)["user"], process


def _hardware(host: str) -> str:
    """The same address of its interface each time that a member starts: the others remember it for some seconds."""
    return ":".join(["02", "00", *(f"{int(part):02x}" for part in host.split("."))])


def _line(sock: socket.socket) -> str:
    """What it says first; "" when it ends, or says nothing for too long."""
    sock.settimeout(ANSWER_SECONDS)
    try:
        return sock.makefile().readline()
    except TimeoutError:
        return ""


def refusal() -> Text | None:
    """Why no process gets a network stack of its own here, in a sentence; None when it gets one."""
    if not sys.platform.startswith("linux"):
        return _LINUX
    if lacking := [tool for tool in _TOOLS if not shutil.which(tool, path=_search_path())]:
        return _NO_TOOLS.format(tools=", ".join(lacking))
    tried = subprocess.run(["unshare", *["--user", "--map-root-user"] * (not _is_admin()), "--net",
                            "ip", "link", "add", "br0", "type", "bridge"],
                           capture_output=True, text=True, env={**os.environ, "PATH": _search_path()})
    return _FORBIDDEN.format(cause=(tried.stderr.strip().splitlines() or ["?"])[-1]) if tried.returncode else None


def _search_path() -> str:
    """Where ``ip`` is on some systems for root alone."""
    return os.pathsep.join([os.environ.get("PATH", os.defpath), "/usr/sbin", "/sbin"])


# The process that holds the bridge


def main(fds: list[int], ways: list[str], calls: list[str]) -> None:
    """Make the bridge in a stack of its own, say on ``fds[0]`` that it is there and of whom, and pass connections on.

    The other ``fds`` listen on this machine, each for one of ``ways`` in there; what is called at the bridge's own address
    is passed on to those of ``calls`` on this machine.
    """
    os.environ["PATH"] = _search_path()
    told, *listeners = (socket.socket(fileno=fd) for fd in fds)
    with told:
        user, here = _leave()
        for words in ("link add br0 type bridge", f"address add {_BRIDGE}/24 dev br0", "link set br0 up", "link set lo up"):
            subprocess.run(["ip", *words.split()], check=True)
        inner = [socket.create_server((_BRIDGE, int(call.rpartition(":")[2])), backlog=1024) for call in calls]
        told.sendall(json.dumps({"user": user}).encode() + b"\n")
    asyncio.run(_pass_on(list(zip(listeners, ways, strict=True)), list(zip(inner, calls, strict=True)), here))


def _leave() -> tuple[bool, ThreadPoolExecutor]:
    """Go into a new network stack, but for one thread that stays behind to make sockets; whether it took a user namespace."""
    user = not _is_admin()
    if user:
        ids = os.geteuid(), os.getegid()
        _unshare(_NEW_USER)
        for file, line in (("setgroups", "deny"), ("uid_map", f"0 {ids[0]} 1"), ("gid_map", f"0 {ids[1]} 1")):
            with open(f"/proc/self/{file}", "w", encoding="ascii") as it:
                it.write(line)
    stays = ThreadPoolExecutor(1)
    stays.submit(int).result()  # it exists from now on, in the stack of this machine
    _unshare(_NEW_NET)
    return user, stays


def _is_admin() -> bool:
    """Whether this process may make a network stack and what is in it: root may, unless it is a container's."""
    with open("/proc/self/status", encoding="ascii", errors="replace") as status:
        held = next(int(line.split()[1], 16) for line in status if line.startswith("CapEff"))
    return all(held >> number & 1 for number in (_NET_ADMIN, _SYS_ADMIN))


def _unshare(what: int) -> None:
    """Of the calling thread (``unshare(2)``, which Python has from 3.12 on)."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(what):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


async def _pass_on(inwards: list[tuple[socket.socket, str]], outwards: list[tuple[socket.socket, str]],
                   here: ThreadPoolExecutor) -> None:
    loop = asyncio.get_running_loop()

    async def within() -> socket.socket:
        return socket.socket()

    async def outside() -> socket.socket:
        return await loop.run_in_executor(here, socket.socket)

    await asyncio.gather(*(relay(listener, way, within) for listener, way in inwards),
                         *(relay(listener, call, outside) for listener, call in outwards))
