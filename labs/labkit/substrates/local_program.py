"""Find a program on this machine, and know its version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from glob import glob

from labkit.language import Text
from labkit.substrates.packages import install_command
from labkit.substrates.program import NotHere, Program

__all__ = ["command_to_get", "find", "how_to_get", "is_old", "local_version"]

_BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/bin")  # where daemons lie
_SECONDS = 10.0
_NUMBER = re.compile(r"\d+(?:\.\d+)+")


def find(program: Program) -> str:
    """The path of the program; :class:`~labkit.substrates.program.NotHere` when there is none, or one too old."""
    path = _path(program)
    if path is None:
        raise NotHere(Text("{name} is not on this machine ({executable}). {get}",
                           "這台機器上沒有 {name}（{executable}）。{get}").format(
            name=program.name, executable=program.executable, get=how_to_get(program)))
    version = _version(path, program)
    if is_old(version, program):
        raise NotHere(Text("{name} on this machine is version {version}, and the labs need {oldest} or later. {get}",
                           "這台機器上的 {name} 是 {version} 版，實驗需要 {oldest} 以上。{get}").format(
                               name=program.name, version=version, oldest=".".join(map(str, program.oldest)),
                               get=how_to_get(program)))
    return path


def local_version(program: Program) -> str | None:
    """Its version on this machine, None where it is not."""
    path = _path(program)
    return None if path is None else _version(path, program)


def is_old(version: str, program: Program) -> bool:
    """Whether the labs need a later one."""
    return tuple(int(part) for part in version.split(".")) < program.oldest


def command_to_get(program: Program) -> str:
    """The one command that brings it, on this system; "" where none is known."""
    return install_command(debian=program.debian, fedora=program.fedora or program.brew, brew=program.brew)


def how_to_get(program: Program) -> Text:
    """The same in a sentence."""
    command = command_to_get(program)
    if not command:
        return Text("Install it with your system's package manager.", "請用系統的套件管理工具安裝。")
    return Text("This gets it: {command}", "取得方法：{command}").format(command=command)


def _path(program: Program) -> str | None:
    beside = [*_BESIDE_PATH, *sorted((folder for places in program.places for folder in glob(places)), key=_numbers, reverse=True)]
    return shutil.which(program.executable) or shutil.which(program.executable, path=os.pathsep.join(beside))


def _numbers(path: str) -> list[int]:
    """The numbers in a path, by which the newest of several versions is found."""
    return [int(digits) for digits in re.findall(r"\d+", path)]


def _version(path: str, program: Program) -> str:
    """The first number with a point in what it prints of itself; "0.0" when it says none."""
    try:
        told = subprocess.run([path, *program.version], capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return "0.0"
    found = _NUMBER.search(told.stdout + told.stderr)
    return found[0] if found else "0.0"
