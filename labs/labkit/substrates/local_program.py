"""Find a program on this machine, and know its version."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Sequence
from glob import glob

from labkit.language import Text
from labkit.substrates.java import command_to_get_java, find_java, no_java
from labkit.substrates.packages import get_command, install_command
from labkit.substrates.program import NotHere, Program
from labkit.substrates.source import Maven, Package

__all__ = ["brought_home", "command_to_get", "find", "how_to_get", "is_old", "jar_set", "local_version"]

_BESIDE_PATH = ("/usr/sbin", "/usr/local/sbin", "/sbin", "/opt/homebrew/bin", "/usr/local/bin")  # where daemons lie
_SECONDS = 10.0
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_ABSENT = Text("{name} is not on this machine ({executable}). {get}", "這台機器上沒有 {name}（{executable}）。{get}")
_NEEDS = Text("{name} needs {need}, which is not on this machine. {get}", "{name} 需要 {need}，但這台機器上沒有。{get}")
_OLD = Text("{name} on this machine is version {version}, and the labs need {oldest} or later. {get}",
            "這台機器上的 {name} 是 {version} 版，實驗需要 {oldest} 以上。{get}")
_NO_JARS = Text("{name} {version} is not on this machine. {get}", "這台機器上沒有 {name} {version}。{get}")
_GET = Text("This gets it: {command}", "取得方法：{command}")


def find(program: Program) -> str:
    """The path of the program; :class:`~labkit.substrates.program.NotHere` when there is none, or one too old.

    The machine's own comes first, then what ``labkit get`` has fetched. Of a set of jars the program is the Java for it.
    """
    jars = jar_set(program)
    if jars is not None:
        return _java_for(program, jars)
    found = _found(program)
    able = [path for path, version in found if not is_old(version, program)]
    if not found:
        raise NotHere(_ABSENT.format(name=program.name, executable=program.executable, get=how_to_get(program)))
    if not able:
        raise NotHere(_OLD.format(name=program.name, version=found[0][1], oldest=".".join(map(str, program.oldest)),
                                  get=how_to_get(program)))
    lacks = {path: [need for need in program.needs if not _where(need, [os.path.dirname(path)])] for path in able}
    path = min(able, key=lambda path: len(lacks[path]))
    if lacks[path]:
        raise NotHere(_NEEDS.format(name=program.name, need=lacks[path][0], get=how_to_get(program)))
    return path


def local_version(program: Program) -> str | None:
    """Its version on this machine, None where it is not."""
    jars = jar_set(program)
    if jars is not None:
        return jars.version if jars.is_whole() and find_java(jars.java) else None
    found = [version for _, version in _found(program)]
    return next((version for version in found if not is_old(version, program)), next(iter(found), None))


def jar_set(program: Program) -> Maven | None:
    """The set of jars that it is, if it is one; its folder takes the place of the program's home."""
    return next((source for source in program.sources if isinstance(source, Maven)), None)


def brought_home(program: Program) -> str:
    """The fetched folder that its container is given for a home; "" when the image has all that it needs.

    :class:`~labkit.substrates.program.NotHere` when it is not fetched yet. The Java is the image's, so this machine needs none.
    """
    jars = jar_set(program)
    if jars is None or not program.brings_home:
        return ""
    if not jars.is_whole():
        raise NotHere(_NO_JARS.format(name=program.name, version=jars.version, get=_GET.format(command=get_command(jars.name))))
    return str(jars.folder)


def is_old(version: str, program: Program) -> bool:
    """Whether the labs need a later one."""
    return tuple(int(part) for part in version.split(".")) < program.oldest


def command_to_get(program: Program) -> str:
    """The one command that brings it, on this system; "" where none is known."""
    package = install_command(debian=program.debian, fedora=program.fedora or program.brew, brew=program.brew)
    fetched = [source for source in program.sources if not isinstance(source, Package)]
    if package or not fetched:
        return package
    jars = jar_set(program)
    java = command_to_get_java(jars.java) if jars and not find_java(jars.java) else ""
    lacking = [get_command(fetched[0].name)] if jars is None or not jars.is_whole() else []
    return " && ".join([java] * bool(java) + lacking)


def how_to_get(program: Program) -> Text:
    """The same in a sentence."""
    command = command_to_get(program)
    if not command:
        return Text("Install it with your system's package manager.", "請用系統的套件管理工具安裝。")
    return _GET.format(command=command)


def _java_for(program: Program, jars: Maven) -> str:
    java = find_java(jars.java)
    if java is None:
        raise NotHere(no_java(program.name, jars.java))
    if not jars.is_whole():
        raise NotHere(_NO_JARS.format(name=program.name, version=jars.version, get=how_to_get(program)))
    return java


def _found(program: Program) -> list[tuple[str, str]]:
    """Paths of it and their versions: where Debian hides it, on the search path, beside it, in the cache."""
    places = sorted((folder for places in program.places for folder in glob(places)), key=_numbers, reverse=True)
    names = (program.executable, *program.also_called)
    path = next(filter(None, (_where(name, places) for name in names)), None)
    found = [(path, _version(path, program))] if path else []
    return found + [(str(source.program), source.version or _version(str(source.program), program))
                    for source in program.sources if source.is_whole()]


def _where(name: str, places: Sequence[str] = ()) -> str | None:
    """The path of what is called so, in these folders or where programs are."""
    return shutil.which(name, path=os.pathsep.join([*places, os.environ.get("PATH", os.defpath), *_BESIDE_PATH]))


def _numbers(path: str) -> list[int]:
    """The numbers in a path, by which the newest of several versions is found."""
    return [int(digits) for digits in re.findall(r"\d+", path)]


def _version(path: str, program: Program) -> str:
    """The first number with a point in what it prints of itself; "0.0" when it says none.

    One that would start when it is asked lies in a folder that is called by its version.
    """
    if not program.version:
        return next(reversed(_NUMBER.findall(os.path.realpath(path))), "0.0")
    try:
        told = subprocess.run([path, *program.version], capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return "0.0"
    found = _NUMBER.search(told.stdout + told.stderr)
    return found[0] if found else "0.0"
