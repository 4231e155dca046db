"""Pages that show a file beside their source are built again when that file changes, appears or goes.

Sphinx's own ``note_dependency`` compares times and takes a missing file for a changed one; an executed lab or a claim's
record is often missing and is often written again with the same content, so a digest of the content decides here.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from labkit.check.records import code_digest

__all__ = ["note", "note_code", "register"]

_CODE = "code of "


def note(env: BuildEnvironment, path: Path) -> None:
    """The page being read shows ``path``."""
    _seen(env).setdefault(env.docname, {})[str(path)] = _digest(str(path))


def note_code(env: BuildEnvironment, lab: Path) -> None:
    """The page being read depends on the code of the notebook ``lab``, and not on its prose."""
    name = f"{_CODE}{lab}"
    _seen(env).setdefault(env.docname, {})[name] = _digest(name)


def register(app: Sphinx) -> None:
    """Ask at the start of each build which pages are out of date."""
    app.connect("env-get-outdated", _outdated)
    app.connect("env-purge-doc", _purge)


def _outdated(app: Sphinx, env: BuildEnvironment, *_sets: set[str]) -> list[str]:
    changed = [page for page, files in _seen(env).items()
               if any(_digest(name) != digest for name, digest in files.items())]
    return [*changed, *_with_changed_assets(app, env)]


def _with_changed_assets(app: Sphinx, env: BuildEnvironment) -> list[str]:
    """The root page, when a style or script has changed: Sphinx brings them along only where it builds a page."""
    files = [file for folder in app.config.html_static_path for file in sorted((Path(app.confdir) / folder).rglob("*"))]
    digest = hashlib.sha256("".join(_digest(str(file)) for file in files).encode()).hexdigest()
    before, env.__dict__["book_assets"] = env.__dict__.get("book_assets"), digest
    return [] if before in (None, digest) else [str(app.config.root_doc)]


def _purge(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    _seen(env).pop(page, None)


def _seen(env: BuildEnvironment) -> dict[str, dict[str, str]]:
    """Page -> file -> digest when the page was read; it lives with Sphinx's pickled environment."""
    seen: dict[str, dict[str, str]] = env.__dict__.setdefault("book_files", {})
    return seen


def _digest(name: str) -> str:
    path = Path(name.removeprefix(_CODE))
    if name.startswith(_CODE):
        return code_digest(path.stem, path.parent) or ""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else ""
