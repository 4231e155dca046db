"""Calls of ``go``, and what its errors mean to a reader."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from labkit.fetch.trouble import CannotGet, NotReached, no_room
from labkit.language import Text
from labkit.substrates.proc import begin_child

__all__ = ["Calls", "here", "version_of"]

_PLACES = "/usr/local/go/bin"  # where Go's own archive puts it
_FAILED = Text("{name} {version} could not be built (go {step}): {why}", "{name} {version} 無法編譯（go {step}）：{why}")
_UNREACHED = Text("The Go module proxy cannot be reached ({why}). Connect to the network (behind a proxy, set HTTPS_PROXY; another "
                  "module proxy, GOPROXY), then try again: what came is kept.",
                  "連不上 Go 模組代理（{why}）。請連上網路（在代理伺服器後方請設定 HTTPS_PROXY；使用其他模組代理請設定 GOPROXY），"
                  "然後再試一次：收到的部分會保留。")
_WRONG = Text("A module that {name} needs is not the one that is pinned, so it was not taken: {why}",
              "{name} 所需的一個模組與鎖定的不同，因此沒有採用：{why}")
_SIGNS = {"no such host": _UNREACHED, "connection refused": _UNREACHED, "i/o timeout": _UNREACHED, "connect: ": _UNREACHED,
          "unexpected EOF": _UNREACHED, "connection reset": _UNREACHED, "TLS handshake": _UNREACHED, "proxyconnect": _UNREACHED,
          "checksum mismatch": _WRONG, "SECURITY ERROR": _WRONG}


def here() -> str | None:
    """The path of this machine's Go; None where there is none."""
    return shutil.which("go") or shutil.which("go", path=_PLACES)


def version_of(path: str) -> tuple[int, int]:
    """Such as (1, 26); (0, 0) of one that does not say."""
    environment = {**os.environ, "GOTOOLCHAIN": "local"}
    told = subprocess.run([path, "env", "GOVERSION"], capture_output=True, text=True, stdin=subprocess.DEVNULL, env=environment)
    found = re.match(r"go(\d+)\.(\d+)", told.stdout)
    return (int(found[1]), int(found[2])) if found else (0, 0)


@dataclass(frozen=True)
class Calls:
    """Calls of the Go at ``go`` in one folder, for the program ``name``; ``room`` (bytes) is what Go keeps for it."""

    go: str
    folder: Path
    name: str
    version: str
    room: int

    def run(self, *arguments: str) -> list[str]:
        """The lines that it prints."""
        return list(self.lines(*arguments, of="stdout"))

    def lines(self, *arguments: str, of: str = "stderr") -> Iterator[str]:
        """The same as they come, or those of its diagnostics. :class:`~labkit.fetch.trouble.CannotGet` when it fails."""
        environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local", "GOWORK": "off"}
        environment.pop("GOROOT", None)  # of another Go
        last: deque[str] = deque(maxlen=40)
        with (self.folder / ".errors").open("w+", encoding="utf-8", errors="replace") as errors:
            out, err = (subprocess.PIPE, errors) if of == "stdout" else (errors, subprocess.PIPE)
            with subprocess.Popen([self.go, *arguments], cwd=self.folder, env=environment, stdin=subprocess.DEVNULL,
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
        why = next(iter(lines), "it said nothing")
        for line in lines:
            if "no space left on device" in line:
                return no_room(self.folder, self.room, self.name)
            for sign, meaning in _SIGNS.items():
                if sign in line:
                    trouble = meaning.format(name=self.name, why=line.removeprefix("go: "))
                    return NotReached(trouble) if meaning is _UNREACHED else CannotGet(trouble)
        return CannotGet(_FAILED.format(name=self.name, version=self.version, step=step, why=why))
