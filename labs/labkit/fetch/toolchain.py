"""A Go that is new enough to build with: this machine's, or one of the pinned version, fetched by any older Go.

Go's makers publish each version as the module ``golang.org/toolchain``, with which Go since 1.21 replaces itself
(https://go.dev/doc/toolchain). To an older one it is a module like any other: Go asks the module proxy that it is told to
ask, and holds what comes to the pinned hash. Where there is no Go at all, Debian's is unpacked for that and removed.
The new one stays where Go keeps modules, 240 MB beside the gigabytes of the build itself; ``go clean -modcache`` removes all.
"""

from __future__ import annotations

import os
import platform
import shutil
import sys
from dataclasses import dataclass
from pathlib import Path

from labkit.fetch.go import Calls, here, version_of
from labkit.fetch.report import Report
from labkit.fetch.unpack import unpack, unpacks
from labkit.fetch.watch import watched
from labkit.language import Text
from labkit.substrates.source import Go, Package, programs_folder

__all__ = ["LOCK", "MODULE", "PLATFORMS", "VERSION", "Ahead", "ahead", "go_for"]

VERSION = "1.26.8"
MODULE = "golang.org/toolchain"
LOCK = Path(__file__).with_name("locks") / "toolchain.txt"
PLATFORMS = ("linux-amd64", "linux-arm64", "darwin-amd64", "darwin-arm64")
_DEBIANS = Package("go", "go", "", debian="golang-go")
_DEBIANS_SIZE, _DEBIANS_ROOM = 81_000_000, 560_000_000  # bytes, of Go 1.19 in Debian 12
_ROOM = 320_000_000  # bytes: the module packed and unpacked
_OLDEST = (1, 15)  # which has all that is called here
_PROCESSORS = {"x86_64": "amd64", "aarch64": "arm64"}
_COMES = Text("Go {version} comes first, {mb} MB", "先取得 Go {version}，{mb} MB")
_BOOTSTRAPS = Text("Debian's Go is unpacked to fetch it, and removed afterwards",
                   "先解開 Debian 的 Go 來下載它，用完即刪")


@dataclass(frozen=True)
class _Pin:
    """A line of the lock: the module's version for one platform, bytes, its hash and that of its go.mod."""

    version: str
    size: int
    sums: str


@dataclass(frozen=True)
class Ahead:
    """What comes before a build: ``size`` bytes to download, ``room`` bytes on the disk. None of either where Go is here."""

    size: int = 0
    room: int = 0


def ahead(oldest: tuple[int, int]) -> Ahead | None:
    """What it takes to have Go ``oldest`` or later; None where it cannot be had by itself."""
    if _found(oldest):
        return Ahead()
    pin = _pin()
    if pin is None or _version() < oldest:
        return None
    old = here()
    if old is not None:
        return Ahead(pin.size, _ROOM) if version_of(old) >= _OLDEST else None
    return Ahead(pin.size + _DEBIANS_SIZE, _ROOM + _DEBIANS_ROOM) if unpacks(_DEBIANS) else None


def go_for(source: Go, work: Path, report: Report) -> str:
    """The path of a Go that builds it; what is unpacked for it is in ``work``. :class:`~labkit.fetch.trouble.CannotGet`.

    :func:`ahead` has said that it can be had.
    """
    found = _found(source.go)
    if found is not None:
        return found
    coming, pin = ahead(source.go), _pin()
    if coming is None or pin is None:
        raise ValueError(f"no Go {source.go} can be had here")
    report.say(_COMES.format(version=VERSION, mb=f"{coming.size / 1e6:.0f}"))
    home = _downloaded(source, pin, here() or _bootstrap(work, report), work, report)
    _make_usable(home)
    link = work / "link"
    link.symlink_to(home)
    link.replace(_link())
    return str(home / "bin" / "go")


def _found(oldest: tuple[int, int]) -> str | None:
    """One that is on this machine."""
    fetched = str(_link().resolve() / "bin" / "go")
    return next((path for path in (here(), fetched) if path and os.access(path, os.X_OK) and version_of(path) >= oldest), None)


def _link() -> Path:
    """Leads to the one that was fetched."""
    return programs_folder() / f"go-{VERSION}"


def _version() -> tuple[int, int]:
    major, minor, _ = map(int, VERSION.split("."))
    return major, minor


def _pin() -> _Pin | None:
    """That of this platform; None where Go's makers build none, or the lock has none."""
    processor = platform.machine()
    wanted = f"v0.0.1-go{VERSION}.{sys.platform}-{_PROCESSORS.get(processor, processor)}"
    lines = [line.split() for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    return next((_Pin(version, int(size), f"{MODULE} {version} {whole}\n{MODULE} {version}/go.mod {mod}\n")
                 for version, size, whole, mod in lines if version == wanted), None)


def _bootstrap(work: Path, report: Report) -> str:
    """Any Go, for a download."""
    report.say(_BOOTSTRAPS)
    folder = work / "debian"
    folder.mkdir()
    unpack(_DEBIANS, folder, report)
    return str((folder / "root" / "usr" / "bin" / "go").resolve())


def _downloaded(source: Go, pin: _Pin, go: str, work: Path, report: Report) -> Path:
    """Where Go keeps it."""
    folder = work / "toolchain"
    folder.mkdir()
    (folder / "go.mod").write_text("module get\n", "utf-8")
    (folder / "go.sum").write_text(pin.sums, "utf-8")
    calls = Calls(go, folder, source.name, source.version, _ROOM)
    modules = Path(calls.run("env", "GOMODCACHE")[-1])
    with watched(modules / "cache" / "download" / MODULE / "@v", f"{pin.version}.zip*", pin.size, report):
        calls.run("mod", "download", f"{MODULE}@{pin.version}")
    return modules / f"{MODULE}@{pin.version}"


def _make_usable(home: Path) -> None:
    """What a module cannot hold, as Go 1.21 and later do it there themselves: programs that may be run, and files go.mod."""
    for program in (*home.glob("pkg/tool/*/*"), *home.glob("lib/**/go_*_exec"), *home.glob("bin/*")):
        program.chmod(program.stat().st_mode | 0o111)
    for packed in sorted(home.rglob("_go.mod"), key=lambda path: len(path.parts), reverse=True):
        folder = packed.parent
        mode = folder.stat().st_mode
        folder.chmod(mode | 0o200)
        try:
            shutil.copy(packed, half := packed.with_name(f"go.mod.{os.getpid()}"))
            half.replace(packed.with_name("go.mod"))
        finally:
            folder.chmod(mode)
