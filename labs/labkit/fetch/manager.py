"""Have the system's package manager install a program; whoever calls this has the user's consent."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

from labkit.fetch.trouble import CannotGet
from labkit.language import Text
from labkit.substrates.packages import install_command
from labkit.substrates.source import Package

__all__ = ["QUIET_INSTALL", "command_for", "install"]

QUIET_INSTALL = """policy=/usr/sbin/policy-rc.d
[ -e $policy ] || { trap "rm $policy" EXIT; printf '#!/bin/sh\\nexit 101\\n' >$policy; chmod +x $policy; }
apt-get install -y --no-install-recommends "$@" """
"""Debian starts what it installs, on the ports that everybody knows; this is how it is told not to (invoke-rc.d(8))."""

_FAILED = Text("The package manager failed ({why}). Its own words are above.", "套件管理工具失敗了（{why}），原因如上。")


def command_for(source: Package) -> str:
    """What it is told, as it is shown to a reader; "" where there is no package manager that has it."""
    return install_command(debian=source.debian, fedora=source.fedora, brew=source.brew)


def install(source: Package) -> None:
    """Run it, its own words on standard error; on Debian without starting the daemon. :class:`CannotGet`."""
    for command in _commands(source):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(command, stdout=sys.stderr, env=environment)
        if done.returncode:
            raise CannotGet(_FAILED.format(why=f"{command[0]}: {done.returncode}"))


def _commands(source: Package) -> list[list[str]]:
    shown = command_for(source)
    if "apt-get install" not in shown:
        return [shown.split()]
    root = [] if os.geteuid() == 0 else [shutil.which("sudo") or "sudo"]
    update = [[*root, "apt-get", "update"]] if "apt-get update" in shown else []
    return [*update, [*root, "sh", "-c", QUIET_INSTALL, "sh", *source.debian.split()]]
