"""Python and the packages of this book."""

from __future__ import annotations

import platform
import re
import shlex
import sys
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from packaging.markers import Marker

from labkit.doctor.finding import Finding
from labkit.language import Text
from labkit.substrates.packages import install_command

__all__ = ["packages", "python"]

_LOCK = Path(__file__).resolve().parents[3] / "requirements.txt"
_PIN = re.compile(r"^([\w.-]+)==([^\s;\\]+)\s*(?:;\s*(.*?))?\s*\\?$", re.MULTILINE)
_OLDEST = (3, 11)
_PYTHON, _PACKAGES = Text("Python", "Python"), Text("Packages", "套件")
_ALL = Text("all {n} that labs need, as locked", "實驗所需的 {n} 個都在，版本與鎖定的相同")
_NOT_HERE = Text("not here: {names}", "沒有：{names}")
_OTHER = Text("in another version than the locked one: {names}", "版本與鎖定的不同：{names}")
_OLD = Text("{version}, and labs need 3.11 or later", "{version} 版，實驗需要 3.11 以上")
_SHOWN = 6


def python() -> Finding:
    """The Python that runs this."""
    here = platform.python_version()
    facts = {"version": here, "path": sys.executable}
    if sys.version_info < _OLDEST:
        return Finding("python", _PYTHON, "missing", _OLD.format(version=here),
                       install_command(debian="python3.11 python3.11-venv", fedora="python3.13", brew="python@3.13"), facts)
    return Finding("python", _PYTHON, "here", Text(here, here), facts=facts)


def packages(lock: Path = _LOCK) -> Finding:
    """Whether what the lock pins for this Python is here; another version is no reason for labs not to run."""
    pins = dict(_pins(lock.read_text("utf-8")))
    found = {name: _version(name) for name in pins}
    absent = sorted(name for name, here in found.items() if here is None)
    other = sorted(f"{name} {here}" for name, here in found.items() if here not in (None, pins[name]))
    facts = {"absent": absent, "other": other}
    if absent:
        return Finding("packages", _PACKAGES, "missing", _NOT_HERE.format(names=_some(absent)), _pip(lock), facts)
    if other:
        return Finding("packages", _PACKAGES, "lacking", _OTHER.format(names=_some(other)), _pip(lock), facts)
    return Finding("packages", _PACKAGES, "here", _ALL.format(n=len(pins)), facts=facts)


def _pins(text: str) -> Iterator[tuple[str, str]]:
    for name, pinned, marker in _PIN.findall(text):
        if not marker or Marker(marker).evaluate():
            yield name, pinned


def _version(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def _pip(lock: Path) -> str:
    """Into the environment that this runs in, or where it is the system's own, one made for the book."""
    if sys.prefix == sys.base_prefix:
        return shlex.join([str(lock.parent / "run"), "doctor"])
    return shlex.join([sys.executable, "-m", "pip", "install", "-r", str(lock)])


def _some(names: list[str]) -> str:
    return ", ".join(names[:_SHOWN]) + (", ..." if len(names) > _SHOWN else "")
