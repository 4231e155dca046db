"""The Java that runs what comes as jars: found on this machine, and its version known."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from glob import glob

from labkit.language import Text
from labkit.substrates.packages import install_command
from labkit.substrates.source import Package

__all__ = ["command_to_get_java", "find_java", "java_package", "no_java"]

_PLACES = ("/usr/lib/jvm/*/bin/java", "/opt/homebrew/opt/openjdk*/bin/java", "/usr/local/opt/openjdk*/bin/java")
_SECONDS = 10.0
_VERSION = re.compile(r'version "(?:1\.)?(\d+)')
_NONE = Text("{name} needs Java {oldest} or later, and there is none on this machine. {get}",
             "{name} 需要 Java {oldest} 以上，這台機器上沒有 Java。{get}")
_OLD = Text("{name} needs Java {oldest} or later, and this machine's is Java {version}. {get}",
            "{name} 需要 Java {oldest} 以上，這台機器上的是 Java {version}。{get}")
_GET = Text("This gets it: {command}", "取得方法：{command}")
_BY_HAND = Text("Install one with your system's package manager.", "請用系統的套件管理工具安裝。")


def find_java(oldest: int) -> str | None:
    """The path of the first of version ``oldest`` or later: of ``JAVA_HOME``, on the search path, or where systems keep it."""
    return next((path for path in _found() if _version(path) >= oldest), None)


def no_java(name: str, oldest: int) -> Text:
    """The sentence that ``name`` lacks it, or has only an older one."""
    version = max((_version(path) for path in _found()), default=0)
    command = command_to_get_java(oldest)
    get = _GET.format(command=command) if command else _BY_HAND
    return (_OLD if version else _NONE).format(name=name, oldest=oldest, version=version, get=get)


def java_package(oldest: int) -> Package:
    """The system's package of it; Debian's default one is of version 17 or later."""
    debian = "default-jre-headless" if oldest <= 17 else f"openjdk-{oldest}-jre-headless"
    return Package("java", "java", "", debian, "openjdk", "java-latest-openjdk-headless")


def command_to_get_java(oldest: int) -> str:
    """The one command that brings it; "" where none is known."""
    package = java_package(oldest)
    return install_command(debian=package.debian, fedora=package.fedora, brew=package.brew)


def _found() -> list[str]:
    home = os.environ.get("JAVA_HOME")
    named = [os.path.join(home, "bin", "java")] if home else []
    return [path for path in [*named, shutil.which("java"), *sorted(path for place in _PLACES for path in glob(place))]
            if path and os.access(path, os.X_OK)]


def _version(path: str) -> int:
    """Its first number, 0 when it says none, such as macOS's place-holder for a Java that is not there."""
    try:
        told = subprocess.run([path, "-version"], capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return 0
    found = _VERSION.search(told.stderr + told.stdout)
    return int(found[1]) if found and told.returncode == 0 else 0
