"""The one command that brings a program, on this operating system."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

__all__ = ["APT_LISTS", "as_root", "get_command", "install_command", "takes_root"]

APT_LISTS = Path("/var/lib/apt/lists")


def install_command(*, debian: str = "", fedora: str = "", brew: str = "") -> str:
    """What the package manager of this machine is told; "" where there is none, or it does not have it."""
    if debian and shutil.which("apt-get"):
        return f"{_update()}{as_root('apt-get')} install -y {debian}"
    if fedora and shutil.which("dnf"):
        return f"{as_root('dnf')} install -y {fedora}"
    return f"brew install {brew}" if brew and shutil.which("brew") else ""


def get_command(*names: str) -> str:
    """What has labkit fetch the programs of these systems."""
    return f"python -m labkit get {' '.join(names)}"


def as_root(command: str) -> str:
    """The command with sudo before it, where that is needed."""
    return command if os.geteuid() == 0 else f"sudo {command}"


def takes_root(command: str) -> bool:
    """Whether the command asks for root that this user is not."""
    return "sudo " in command


def _update() -> str:
    """apt knows no package as long as its lists were never fetched, as in a fresh container."""
    return "" if any(APT_LISTS.glob("*Packages*")) else f"{as_root('apt-get')} update && "
