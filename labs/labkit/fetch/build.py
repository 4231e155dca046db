"""Build a program with Go from the module proxy, in a module of our own around it: ``go install`` refuses one with ``replace``.

The module's hash is pinned, and those of what it needs are in its own go.sum or beside the pin, so Go checks every file
that it fetches. What it fetched and compiled it keeps, so a build that was ended goes on where it was.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator
from pathlib import Path

from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet, NotReached, no_room
from labkit.language import Text
from labkit.substrates.packages import install_command
from labkit.substrates.proc import begin_child
from labkit.substrates.source import Go

__all__ = ["Steps", "build", "no_go"]

_PLACES = "/usr/local/go/bin"  # where Go's own archive puts it
_NO_GO = Text("{name} {version} is built with Go {oldest} or later, and there is none on this machine. {get}",
              "{name} {version} 要用 Go {oldest} 以上編譯，這台機器上沒有 Go。{get}")
_OLD_GO = Text("{name} {version} is built with Go {oldest} or later, and this machine's is Go {here}. {get}",
               "{name} {version} 要用 Go {oldest} 以上編譯，這台機器上的是 Go {here}。{get}")
_GET = Text("This gets it: {command}", "取得方法：{command}")
_BY_HAND = Text("Get one from https://go.dev/dl; or, where Docker runs, the labs use its image instead.",
                "請從 https://go.dev/dl 取得；在有 Docker 的地方，實驗會改用它的鏡像。")
_FAILED = Text("{name} {version} could not be built (go {step}): {why}", "{name} {version} 無法編譯（go {step}）：{why}")
_UNREACHED = Text("The Go module proxy cannot be reached ({why}). Connect to the network (behind a proxy, set HTTPS_PROXY; another "
                  "module proxy, GOPROXY), then try again: what came is kept.",
                  "連不上 Go 模組代理（{why}）。請連上網路（在代理伺服器後方請設定 HTTPS_PROXY；使用其他模組代理請設定 GOPROXY），"
                  "然後再試一次：收到的部分會保留。")
_WRONG = Text("A module that {name} needs is not the one that is pinned, so it was not taken: {why}",
              "{name} 所需的一個模組與鎖定的不同，因此沒有採用：{why}")
_SIGNS = {"no such host": _UNREACHED, "connection refused": _UNREACHED, "i/o timeout": _UNREACHED, "connect: ": _UNREACHED,
          "TLS handshake": _UNREACHED, "proxyconnect": _UNREACHED, "checksum mismatch": _WRONG, "SECURITY ERROR": _WRONG}


def build(source: Go, into: Path, report: Report) -> None:
    """Have its program in ``into``. :class:`~labkit.fetch.trouble.CannotGet`."""
    trouble = no_go(source)
    if trouble is not None:
        raise trouble
    work = into / ".work"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir()
    try:
        steps = Steps(source, work)
        steps.wrap()
        of = len(steps.run("list", "-deps", *steps.tags, source.package))
        compiled = steps.lines("build", "-v", "-trimpath", "-ldflags=-s -w", *steps.tags, "-o", source.executable, source.package)
        for done, _ in enumerate(compiled, 1):
            report.built(done, of)
        (work / source.executable).rename(into / source.executable)
    finally:
        shutil.rmtree(work, ignore_errors=True)


def no_go(source: Go) -> CannotGet | None:
    """Why this machine's Go does not build it: there is none, or it is too old."""
    oldest = ".".join(map(str, source.go))
    command = install_command(fedora="golang", brew="go")
    said = {"name": source.name, "version": source.version, "oldest": oldest,
            "get": _GET.format(command=command) if command else _BY_HAND}
    path = _path()
    if path is None:
        return CannotGet(_NO_GO.format(**said))
    here = _version(path)
    return CannotGet(_OLD_GO.format(here=".".join(map(str, here)), **said)) if here < source.go else None


class Steps:
    """Calls of ``go`` in one folder, with a module around the program."""

    def __init__(self, source: Go, folder: Path) -> None:
        self._source, self._folder = source, folder
        self.tags = [f"-tags={source.tags}"] if source.tags else []

    def wrap(self) -> None:
        """Make the module."""
        source, sums = self._source, self._folder / "go.sum"
        (self._folder / "go.mod").write_text(
            f"module get\ngo {source.go[0]}.{source.go[1]}\nrequire {source.module} v{source.version}\n{source.extra}\n", "utf-8")
        sums.write_text(source.sums, "utf-8")
        self.run("mod", "download", source.module)
        sums.write_text(source.sums + (self.there() / "go.sum").read_text("utf-8"), "utf-8")

    def there(self) -> Path:
        """Where the program's own module is on this machine."""
        return Path(self.run("list", "-m", "-f", "{{.Dir}}", self._source.module)[-1])

    def run(self, *arguments: str) -> list[str]:
        """The lines that it prints."""
        return list(self.lines(*arguments, of="stdout"))

    def lines(self, *arguments: str, of: str = "stderr") -> Iterator[str]:
        """The same as they come, or those of its diagnostics. :class:`~labkit.fetch.trouble.CannotGet` when it fails."""
        environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOWORK": "off"}
        last: deque[str] = deque(maxlen=40)
        with (self._folder / ".errors").open("w+", encoding="utf-8", errors="replace") as errors:
            out, err = (subprocess.PIPE, errors) if of == "stdout" else (errors, subprocess.PIPE)
            with subprocess.Popen([_path() or "go", *arguments], cwd=self._folder, env=environment, stdin=subprocess.DEVNULL,
                                  stdout=out, stderr=err, text=True, errors="replace",
                                  preexec_fn=begin_child(os.getpid())) as go:
                try:
                    for line in go.stdout or go.stderr or ():
                        last.append(line)
                        yield line.rstrip("\n")
                except BaseException:
                    go.kill()
                    raise
            if go.returncode:
                errors.seek(0)
                raise self._explained(arguments[0], [*errors.read().splitlines(), *last])

    def _explained(self, step: str, told: list[str]) -> CannotGet:
        lines = [line.strip() for line in told if line.strip() and not line.startswith(("go: downloading", "go: finding"))]
        source, why = self._source, next(iter(lines), "it said nothing")
        for line in lines:
            if "no space left on device" in line:
                return no_room(self._folder, source.size, source.name)
            for sign, meaning in _SIGNS.items():
                if sign in line:
                    trouble = meaning.format(name=source.name, why=line.removeprefix("go: "))
                    return NotReached(trouble) if meaning is _UNREACHED else CannotGet(trouble)
        return CannotGet(_FAILED.format(name=source.name, version=source.version, step=step, why=why))


def _path() -> str | None:
    return shutil.which("go") or shutil.which("go", path=_PLACES)


def _version(path: str) -> tuple[int, int]:
    """Such as (1, 26); (0, 0) of one that does not say."""
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    told = subprocess.run([path, "env", "GOVERSION"], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment)
    found = re.match(r"go(\d+)\.(\d+)", told.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)
