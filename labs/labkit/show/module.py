"""A figure's module as it is shipped: ``book/figures/NAME.js`` with the kit that it imports, as one text.

Site and JupyterLab get the very same text: an ES module that imports nothing and exports anywidget's ``render``.
"""

from __future__ import annotations

import re
from pathlib import Path

from labkit.language import Language
from labkit.show.style import VISUAL

__all__ = ["FIGURES", "module", "names", "presets", "sources", "still"]

FIGURES = VISUAL.parents[1] / "figures"

_SHARED = "kit"  # a file of this folder that is no figure; what else figures share is in folders below
_IMPORT = re.compile(r"^import\b[^;]*?\bfrom\s*[\"'](\.{1,2}/[\w./-]+\.js)[\"'];?\n", re.MULTILINE)
_EXPORT = re.compile(r"^export (?!default\b)", re.MULTILINE)
_PRESETS = re.compile(r"^export const PRESETS = \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
_KEY = re.compile(r"^  [\"']?([\w-]+)[\"']?:", re.MULTILINE)


def names() -> list[str]:
    """Every figure of the book."""
    return [file.stem for file in sorted(FIGURES.glob("*.js")) if file.stem != _SHARED]


def sources(name: str) -> list[Path]:
    """The files of which ``name`` is made: what it imports, itself, its still pictures."""
    return [*_in_order(FIGURES / f"{name}.js", []), *sorted((FIGURES / "stills").glob(f"{name}.*.svg"))]


def module(name: str) -> str:
    """The text of the figure's module: what it imports stands before it, and is imported and exported no more."""
    *shared, figure = (_IMPORT.sub("", file.read_text("utf-8")) for file in _in_order(FIGURES / f"{name}.js", []))
    return "".join(_EXPORT.sub("", text) for text in shared) + figure


def presets(name: str) -> list[str]:
    """The names of its presets: the keys of ``PRESETS``, each of which begins a line."""
    found = _PRESETS.search((FIGURES / f"{name}.js").read_text("utf-8"))
    return _KEY.findall(found[1]) if found else []


def still(name: str, language: Language) -> str:
    """What a reader without JavaScript sees, an SVG; empty where none was made."""
    file = FIGURES / "stills" / f"{name}.{language}.svg"
    return file.read_text("utf-8").strip() if file.is_file() else ""


def _in_order(file: Path, found: list[Path]) -> list[Path]:
    """``found`` with what ``file`` imports and ``file`` itself added, each once and after all that it needs."""
    for path in _IMPORT.findall(file.read_text("utf-8")):
        needed = (file.parent / path).resolve()
        if needed not in found:
            _in_order(needed, found)
    found.append(file)
    return found
