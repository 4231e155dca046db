"""Completes the locks of what Go builds: ``python -m environments.lock_go [NAME...]``. It takes Go and the network.

A lock begins with the two hashes of the program's own module. What its go.sum does not have, such as the parts that it
replaces by folders of its repository, is added here, as Go's checksum database vouches for it.
"""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

from labkit.fetch import catalogue
from labkit.fetch.build import Steps
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
    return 0


def _lacking(source: Go) -> list[str]:
    """The lock, and what building needs beside it and the module's own."""
    with tempfile.TemporaryDirectory() as folder:
        steps = Steps(source, Path(folder))
        steps.wrap()
        steps.run("list", "-deps", *steps.tags, source.package)
        own = set((steps.there() / "go.sum").read_text("utf-8").splitlines())
        return sorted(set(Path(folder, "go.sum").read_text("utf-8").splitlines()) - own)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
