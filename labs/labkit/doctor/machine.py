"""Memory, cores, disk and ports: what a lab takes of the machine."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
from contextlib import ExitStack
from pathlib import Path

import psutil

from labkit.doctor.finding import Finding, State
from labkit.language import Text
from labkit.measure import machine
from labkit.measure.figure import figure, plain
from labkit.substrates import leftovers
from labkit.substrates.packages import as_root

__all__ = ["cores", "disk", "memory", "ports", "room"]

_MEBIBYTE = 1 << 20
_A_LAB, _COMFORT = 512 * _MEBIBYTE, 1024 * _MEBIBYTE  # a lab takes at most 400 MiB, the notebook's kernel the rest
_FOLDER = 100 * _MEBIBYTE  # logs, records, and what the systems of one lab write
_CORES = 2  # on which every claim was tried
_AT_ONCE, _PORTS = 64, 8192  # listening at a time, and for connections: a load opens some thousands in a minute
_RANGE = Path("/proc/sys/net/ipv4/ip_local_port_range")

_MEMORY = Text("{free} free of {all}", "{all} 中有 {free} 可用")
_CLOSE = Text("{said}; a lab needs {need}: close other programs", "{said}；實驗需要 {need}：請關閉其他程式")
_FEW = Text("{cores}; with fewer than {need}, claims may be too busy to judge",
            "{cores}；少於 {need} 核時，論點可能因太忙而無法判斷")
_ROOM = Text("{free} free at {folder}", "{folder} 有 {free} 可用")
_FREE_SOME = Text("{said}, and labs need {need}: free some", "{said}，實驗需要 {need}：請釋出空間")
_NO_FOLDER = Text("{folder} cannot be written ({why})", "{folder} 無法寫入（{why}）")
_PORT_RANGE = Text("loopback works, {n} ports for connections", "loopback 可用，有 {n} 個連接埠供連線使用")
_NO_PORTS = Text("no port of the loopback can be used ({why})", "無法使用 loopback 的連接埠（{why}）")
_FEW_PORTS = Text("only {n} ports for connections; a long load may use them up",
                  "只有 {n} 個連接埠供連線使用，長時間的負載可能用盡")


def memory() -> Finding:
    """What is free now, within the limit of a container."""
    limit = machine.memory()
    free = min(limit, int(psutil.virtual_memory().available))
    said = _MEMORY.format(free=figure(free, "B"), all=figure(limit, "B"))
    state: State = "missing" if free < _A_LAB else "lacking" if free < _COMFORT else "here"
    said = said if state == "here" else _CLOSE.format(said=said, need=figure(_A_LAB, "B"))
    return Finding("memory", Text("Memory", "記憶體"), state, said, facts={"bytes": limit, "free": free})


def cores() -> Finding:
    """How many may be used at a time."""
    number = machine.cores()
    name, enough = Text("Cores", "核心"), number >= _CORES
    said = plain(number)
    return Finding("cores", name, "here" if enough else "lacking",
                   Text(said, said) if enough else _FEW.format(cores=said, need=_CORES), facts={"cores": number})


def disk() -> Finding:
    """Whether labs can have their folder, and how much room is there."""
    base = Path(leftovers.base_folder())
    name = Text("Disk, for labs", "磁碟（實驗）")
    try:
        base.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not leftovers.is_own(str(base)) or not os.access(base, os.W_OK):
            raise PermissionError(13, os.strerror(13))
    except OSError as trouble:
        return Finding("disk", name, "missing", _NO_FOLDER.format(folder=base, why=trouble.strerror or trouble),
                       'export LABKIT_TMP="$HOME"', {"folder": str(base), "free": 0}, by_hand=True)
    return room("disk", name, base, _FOLDER, "missing", 'export LABKIT_TMP="$HOME"')


def room(key: str, name: Text, folder: Path, need: int, state: State, command: str) -> Finding:
    """How much is free at ``folder``; ``state`` where that is less than ``need`` bytes."""
    free = shutil.disk_usage(folder).free
    said = _ROOM.format(free=figure(free, "B"), folder=folder)
    facts = {"folder": str(folder), "free": free}
    if free >= need:
        return Finding(key, name, "here", said, facts=facts)
    return Finding(key, name, state, _FREE_SOME.format(said=said, need=figure(need, "B")), command, facts, by_hand=True)


def ports() -> Finding:
    """Whether services can listen on the loopback, and how many connections a load can open."""
    name, (first, last) = Text("Ports", "連接埠"), _range()
    number = last - first + 1
    facts = {"first": first, "last": last}
    try:
        with ExitStack() as held:
            for _ in range(_AT_ONCE):
                held.enter_context(socket.create_server(("127.0.0.1", 0)))
    except OSError as trouble:
        return Finding("ports", name, "missing", _NO_PORTS.format(why=trouble.strerror or trouble),
                       as_root("ip link set lo up") if sys.platform == "linux" else "", facts)
    if number < _PORTS:
        return Finding("ports", name, "lacking", _FEW_PORTS.format(n=plain(number)), _widen(), facts, by_hand=True)
    return Finding("ports", name, "here", _PORT_RANGE.format(n=f"{number:,}"), facts=facts)


def _range() -> tuple[int, int]:
    """From which ports the system takes one for a connection; the usual ones where it does not tell."""
    try:
        if sys.platform == "darwin":
            names = [f"net.inet.ip.portrange.{end}" for end in ("first", "last")]
            told = subprocess.run(["sysctl", "-n", *names], capture_output=True, text=True).stdout
        else:
            told = _RANGE.read_text("ascii")
        first, last = map(int, told.split())
    except (OSError, ValueError):
        return 49152, 65535
    return first, last


def _widen() -> str:
    if sys.platform == "darwin":
        return as_root("sysctl -w net.inet.ip.portrange.first=49152")
    return as_root('sysctl -w net.ipv4.ip_local_port_range="32768 60999"')
