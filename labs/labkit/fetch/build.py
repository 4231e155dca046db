"""Build a program with Go from the module proxy, in a module of our own around it: ``go install`` refuses one with ``replace``.

The module's hash is pinned, and those of what it needs are in its own go.sum or beside the pin, so Go checks every file
that it fetches. What it fetched and compiled it keeps, so a build that was ended goes on where it was.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from labkit.fetch.go import Calls, here, version_of
from labkit.fetch.report import Report
from labkit.fetch.toolchain import ahead, go_for
from labkit.fetch.trouble import CannotGet
from labkit.language import Text
from labkit.substrates.packages import install_command
from labkit.substrates.source import Go

__all__ = ["Steps", "build", "no_go"]

_NO_GO = Text("{name} {version} is built with Go {oldest} or later, and there is none on this machine. {get}",
              "{name} {version} 要用 Go {oldest} 以上編譯，這台機器上沒有 Go。{get}")
_OLD_GO = Text("{name} {version} is built with Go {oldest} or later, and this machine's is Go {here}. {get}",
               "{name} {version} 要用 Go {oldest} 以上編譯，這台機器上的是 Go {here}。{get}")
_GET = Text("This gets it: {command}", "取得方法：{command}")
_BY_HAND = Text("Get one from https://go.dev/dl; or, where Docker runs, the labs use its image instead.",
                "請從 https://go.dev/dl 取得；在有 Docker 的地方，實驗會改用它的鏡像。")


def build(source: Go, into: Path, report: Report) -> None:
    """Have its program in ``into``. :class:`~labkit.fetch.trouble.CannotGet`."""
    trouble = no_go(source)
    if trouble is not None:
        raise trouble
    work = into / ".work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        steps = Steps(source, work, go_for(source, work, report))
        steps.wrap()
        of = len(steps.calls.run("list", "-deps", *steps.tags, source.package))
        compiled = steps.calls.lines("build", "-v", "-trimpath", "-ldflags=-s -w", *steps.tags, "-o", source.executable,
                                     source.package)
        for done, _ in enumerate(compiled, 1):
            report.built(done, of)
        (work / source.executable).rename(into / source.executable)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def no_go(source: Go) -> CannotGet | None:
    """Why it cannot be built here: this machine's Go is too old, or there is none, and no other can be fetched."""
    if ahead(source.go) is not None:
        return None
    oldest = ".".join(map(str, source.go))
    command = install_command(fedora="golang", brew="go")
    said = {"name": source.name, "version": source.version, "oldest": oldest,
            "get": _GET.format(command=command) if command else _BY_HAND}
    old = here()
    if old is None:
        return CannotGet(_NO_GO.format(**said))
    return CannotGet(_OLD_GO.format(here=".".join(map(str, version_of(old))), **said))


class Steps:
    """A module around the program in one folder, and ``calls`` of the Go at ``go`` there."""

    def __init__(self, source: Go, folder: Path, go: str) -> None:
        self._source, self._folder = source, folder
        self.calls = Calls(go, folder, source.name, source.version, source.room)
        self.tags = [f"-tags={source.tags}"] if source.tags else []

    def wrap(self) -> None:
        """Make the module."""
        source, sums = self._source, self._folder / "go.sum"
        (self._folder / "go.mod").write_text(
            f"module get\ngo {source.go[0]}.{source.go[1]}\nrequire {source.module} v{source.version}\n{source.extra}\n", "utf-8")
        sums.write_text(source.sums, "utf-8")
        self.calls.run("mod", "download", source.module)
        sums.write_text(source.sums + (self.there() / "go.sum").read_text("utf-8"), "utf-8")

    def there(self) -> Path:
        """Where the program's own module is on this machine."""
        return Path(self.calls.run("list", "-m", "-f", "{{.Dir}}", self._source.module)[-1])
