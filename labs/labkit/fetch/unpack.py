"""Debian's own package for a user who may install nothing: fetched by apt, which checks its signature, and unpacked.

What it stands on and this machine lacks comes with it. A small script then names those libraries and starts the program.
"""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet, NotReached, no_room
from labkit.fetch.watch import watched
from labkit.language import Text
from labkit.substrates.packages import APT_LISTS
from labkit.substrates.source import Package

__all__ = ["unpack", "unpacks"]

_BOUND = {"rabbitmq-server": "its scripts and Erlang's name their folders by absolute paths",
          "mariadb-server": "its scripts name their folders by absolute paths"}
_FOLDERS = ("usr/sbin", "usr/bin", "sbin", "bin")
_NEW = re.compile(r"^Inst (\S+) (?:\[\S+\] )?\((\S+)", re.MULTILINE)
_SIZE = re.compile(r"^'\S+' \S+ (\d+) ", re.MULTILINE)  # of a line of --print-uris
_SECONDS = 900.0
_SIGNS = ("Could not resolve", "Temporary failure", "Unable to connect", "Connection refused", "Could not connect", "timed out")
_UNREACHED = Text("Debian's packages cannot be reached ({why}). Connect to the network, then try again.",
                  "連不上 Debian 的套件庫（{why}）。請連上網路，然後再試一次。")
_FAILED = Text("{name} could not be unpacked for you ({why}).", "無法為你解開 {name}（{why}）。")
_OTHERWISE = Text("the package {package} has no program {executable}", "套件 {package} 裡沒有程式 {executable}")


def unpacks(source: Package) -> bool:
    """Whether this works here, and for this package."""
    return bool(source.debian) and source.debian not in _BOUND and bool(shutil.which("apt-get") and shutil.which("dpkg"))


def unpack(source: Package, into: Path, report: Report) -> None:
    """Have it in ``into``, with ``bin/`` of the program and its neighbours. :class:`~labkit.fetch.trouble.CannotGet`."""
    work, root = into / ".work", into / "root"
    for folder in (work, root, into / "bin"):
        shutil.rmtree(folder, ignore_errors=True)
    work.mkdir()
    try:
        options = _options(work)
        if not any(APT_LISTS.glob("*Packages*")):
            _run(source, work, "apt-get", *options, "-qq", "update")
        planned = _run(source, work, "apt-get", *options, "-qq", "--simulate", "--no-install-recommends", "install",
                       *source.debian.split())
        new = dict(_NEW.findall(planned))
        here = [name for name in source.debian.split() if name not in new]  # installed already, and wanted whole in the cache
        wanted = [*map("=".join, new.items()), *here]
        sizes = map(int, _SIZE.findall(_run(source, work, "apt-get", *options, "-qq", "--print-uris", "download", *wanted)))
        with watched(work, "*.deb", sum(sizes), report):
            _run(source, work, "apt-get", *options, "-qq", "download", *wanted)
        for folder in (root, into / "bin"):
            folder.mkdir()
        for package in sorted(work.glob("*.deb")):
            _run(source, work, "dpkg", "--extract", str(package), str(root))
        _write_scripts(source, into, root)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def _options(work: Path) -> list[str]:
    """With which apt writes nowhere but into ``work``; its lists are the system's, where it has some."""
    places = {"Dir::Cache": work / "cache", "Debug::NoLocking": "1"}
    if os.geteuid() == 0:
        places["APT::Sandbox::User"] = "root"
    if not any(APT_LISTS.glob("*Packages*")):
        places["Dir::State::Lists"] = work / "lists"
    for folder in ("cache/archives/partial", "lists/partial"):
        (work / folder).mkdir(parents=True)
    return [word for name, value in places.items() for word in ("-o", f"{name}={value}")]


def _run(source: Package, work: Path, *command: str) -> str:
    try:
        done = subprocess.run(command, cwd=work, stdin=subprocess.DEVNULL, capture_output=True, text=True, errors="replace",
                              env={**os.environ, "LC_ALL": "C"}, timeout=_SECONDS)
    except subprocess.TimeoutExpired:
        raise NotReached(_UNREACHED.format(why=f"{_SECONDS:.0f} s")) from None
    if done.returncode == 0:
        return done.stdout
    if "No space left" in done.stderr:
        raise no_room(work, 1, source.name)
    lines = [line.removeprefix("E: ") for line in done.stderr.splitlines() if line.startswith("E: ")] or done.stderr.splitlines()
    why = next(iter(lines), f"{command[0]}: {done.returncode}")
    raise NotReached(_UNREACHED.format(why=why)) if any(sign in done.stderr for sign in _SIGNS) else _failed(source, why)


def _failed(source: Package, why: Text | str) -> CannotGet:
    return CannotGet(_FAILED.format(name=source.name, why=why))


def _write_scripts(source: Package, into: Path, root: Path) -> None:
    """One for the program, for each that lies beside it, and for those of other packages that came with it."""
    names = (source.executable, *source.also_called)
    found = next((folder / name for folder in _folders(source, root) for name in names if os.access(folder / name, os.X_OK)), None)
    if found is None:
        raise _failed(source, _OTHERWISE.format(package=source.debian, executable=source.executable))
    home = source.folder / "root"
    libraries = ":".join(str(home / folder.relative_to(root)) for folder in sorted({file.parent for file in root.rglob("*.so*")}))
    folders = [found.parent, *(folder for folder in _folders(source, root) if folder.is_dir())]
    for program in (path for folder in folders for path in sorted(folder.iterdir())):
        script = into / "bin" / program.name
        if program.is_file() and os.access(program, os.X_OK) and not script.exists():
            script.write_text(f"#!/bin/sh\nexport LD_LIBRARY_PATH={shlex.quote(libraries)}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}\n"
                              f'exec {shlex.quote(str(home / program.relative_to(root)))} "$@"\n', "utf-8")
            script.chmod(0o755)
    if found.name != source.executable:
        (into / "bin" / source.executable).symlink_to(found.name)


def _folders(source: Package, root: Path) -> Iterator[Path]:
    yield from (root / folder for folder in _FOLDERS)
    for place in source.places:
        yield from sorted(root.glob(place.lstrip("/")), reverse=True)
