"""The files of the repository, as the rules of this folder read them."""

from __future__ import annotations

import subprocess
from pathlib import Path

__all__ = ["ROOT", "files", "relative", "tracked"]

ROOT = Path(__file__).resolve().parents[2]


def tracked() -> list[Path]:
    """Every file that is in git."""
    return _listed("--cached")


def files(*endings: str) -> list[Path]:
    """Every text of the book with one of these endings: in git, or new and not ignored, so that a rule speaks early."""
    found = _listed("--cached", "--others", "--exclude-standard")
    return [path for path in found if path.name.endswith(endings) and path.is_file()]


def relative(path: Path) -> str:
    """The path as a reader would write it."""
    return path.relative_to(ROOT).as_posix()


def _listed(*which: str) -> list[Path]:
    command = ["git", "-c", f"safe.directory={ROOT}", "ls-files", "-z", *which]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return sorted({ROOT / name for name in done.stdout.split("\0") if name})
