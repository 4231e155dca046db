"""Lighthouse and axe-core, from npm: the versions of environments/site/package-lock.json, in the user's cache folder.

``npm ci`` checks each package against the lock's digests and runs none of their scripts. A folder is named for its lock, so
a changed lock is installed anew, once. npm 9, as Debian 12 has it, ends at a package that asks for another's "latest" where
an override says which that is, so each is asked for in the version of the lock, in which the override was applied.
"""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import tempfile
from functools import cache
from pathlib import Path

from book.tools.tree import HERE

__all__ = ["axe", "packages"]

_ASKED = HERE.root / "environments" / "site"
_FILES = ("package.json", "package-lock.json")


@cache
def packages() -> Path:
    """The folder ``node_modules`` with what the lock names; it is installed when it is not there yet."""
    digest = hashlib.sha256(b"".join((_ASKED / name).read_bytes() for name in _FILES)).hexdigest()[:16]
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "microservices-by-experiment"
    if not (home / digest / "node_modules").is_dir():
        _install(home, home / digest)
    return home / digest / "node_modules"


def axe() -> str:
    """axe-core as a script for a page."""
    return (packages() / "axe-core" / "axe.min.js").read_text("utf-8")


def _write_asked(folder: Path) -> None:
    """Both files, without a "latest" and without the overrides that say what it is."""
    asked, lock = (json.loads((_ASKED / name).read_text("utf-8")) for name in _FILES)
    del asked["overrides"]
    for package in lock["packages"].values():
        for name, version in package.get("dependencies", {}).items():
            if version == "latest":
                package["dependencies"][name] = lock["packages"][f"node_modules/{name}"]["version"]
    for name, content in zip(_FILES, (asked, lock), strict=True):
        (folder / name).write_text(json.dumps(content, indent=2), "utf-8")


def _install(home: Path, ready: Path) -> None:
    """Install beside and move into place: what is there is whole, and two who install at once do not mix."""
    home.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=home) as folder:
        made = Path(folder) / "packages"
        made.mkdir()
        _write_asked(made)
        done = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=made, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=300)
        assert done.returncode == 0, done.stdout
        try:
            made.rename(ready)
        except OSError:
            assert (ready / "node_modules").is_dir()  # another was quicker
