"""What a figure weighs, and the folder of them that the site ships as ``_static/figures``.

    python -m book.tools.figures          the figures and their sizes
"""

from __future__ import annotations

import gzip
from pathlib import Path

from labkit.show.module import FIGURES, bundle, names

__all__ = ["LIMIT", "bundle", "names", "weight", "write"]

LIMIT = 12 * 1024
"""Bytes after gzip that a bundle must stay under."""


def weight(text: str) -> int:
    """Bytes that go over the wire."""
    return len(gzip.compress(text.encode("utf-8"), 9, mtime=0))


def write(folder: Path, figures: Path = FIGURES) -> None:
    """Put every figure's module into ``folder`` and touch only those that changed; what is no figure goes."""
    folder.mkdir(parents=True, exist_ok=True)
    shipped = {folder / f"{name}.js": bundle(name, figures) for name in names(figures)}
    for old in set(folder.glob("*.js")) - set(shipped):
        old.unlink()
    for file, text in shipped.items():
        if not file.is_file() or file.read_text("utf-8") != text:
            file.write_text(text, "utf-8")


if __name__ == "__main__":
    for each in names():
        print(f"{each}: {weight(bundle(each)):,} of {LIMIT:,} bytes")
