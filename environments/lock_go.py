"""Completes the locks of what Go builds: ``python -m environments.lock_go [NAME...]``. It takes Go and the network.

A lock begins with the two hashes of the program's own module. What its go.sum does not have, such as the parts that it
replaces by folders of its repository, is added here, as Go's checksum database vouches for it. The name ``toolchain`` is
the Go that builds them where there is none that is new enough: its lock is made anew, for every platform.
"""

from __future__ import annotations

import json
import sys
import tempfile
from pathlib import Path

from labkit.fetch import catalogue
from labkit.fetch.build import Steps
from labkit.fetch.go import Calls
from labkit.fetch.report import Report
from labkit.fetch.toolchain import LOCK, MODULE, PLATFORMS, VERSION, go_for
from labkit.substrates.source import Go

_LOCKS = Path(catalogue.__file__).with_name("locks")


def main(names: list[str]) -> int:
    """Complete the locks of these systems, or of all."""
    for name, sources in catalogue.SOURCES.items():
        for source in sources:
            if isinstance(source, Go) and (not names or name in names):
                lines = _lacking(source)
                (_LOCKS / f"{name}.sum").write_text("".join(f"{line}\n" for line in lines), "utf-8")
                print(f"{name}.sum: {len(lines)} lines")
    if not names or "toolchain" in names:
        LOCK.write_text(_toolchains(), "utf-8")
        print(f"{LOCK.name}: {len(PLATFORMS)} platforms")
    return 0


def _lacking(source: Go) -> list[str]:
    """The lock, and what building needs beside it and the module's own."""
    with tempfile.TemporaryDirectory() as folder:
        steps = Steps(source, Path(folder), go_for(source, Path(folder), Report()))
        steps.wrap()
        steps.calls.run("list", "-deps", *steps.tags, source.package)
        own = set((steps.there() / "go.sum").read_text("utf-8").splitlines())
        return sorted(set(Path(folder, "go.sum").read_text("utf-8").splitlines()) - own)


def _toolchains() -> str:
    """A line a platform, by the Go on the path."""
    lines = [f"# {MODULE}; made by python -m environments.lock_go toolchain", "# version, bytes, its hash, that of its go.mod"]
    with tempfile.TemporaryDirectory() as folder:
        calls = Calls("go", Path(folder), "toolchain", VERSION, 2_000_000_000)
        for platform in PLATFORMS:
            told = json.loads("".join(calls.run("mod", "download", "-json", f"{MODULE}@v0.0.1-go{VERSION}.{platform}")))
            lines.append(f"{told['Version']} {Path(told['Zip']).stat().st_size} {told['Sum']} {told['GoModSum']}")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
