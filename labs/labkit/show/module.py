"""A figure's module as it is shipped: ``book/figures/NAME.js`` with the kit that it imports, as one text.

Site and JupyterLab get the very same text: an ES module that imports nothing and exports anywidget's ``render``.
"""

from __future__ import annotations

import re
from pathlib import Path

from labkit.language import Language
from labkit.show.style import VISUAL

__all__ = ["FIGURES", "module", "names", "parameters", "presets", "sources", "still"]

FIGURES = VISUAL.parents[1] / "figures"

_KIT = "kit"
_EXPORT = re.compile(r"^export (?!default)", re.MULTILINE)
_IMPORT = re.compile(r"^import\b[^;]*?from\s*[\"']\./kit\.js[\"'];?\n", re.MULTILINE)
_KEY = re.compile(r"^  [\"']?([\w-]+)[\"']?:", re.MULTILINE)


def names() -> list[str]:
    """Every figure of the book."""
    return [file.stem for file in sorted(FIGURES.glob("*.js")) if file.stem != _KIT]


def sources(name: str) -> list[Path]:
    """The files that ``name`` is made of, its still pictures included."""
    return [FIGURES / f"{_KIT}.js", FIGURES / f"{name}.js", *sorted((FIGURES / "stills").glob(f"{name}.*.svg"))]


def module(name: str) -> str:
    """The text of the figure's module with its kit."""
    kit = FIGURES / f"{_KIT}.js"
    text, imports = _IMPORT.subn("", _read(name))
    return (_EXPORT.sub("", kit.read_text("utf-8")) + text) if imports else text


def presets(name: str) -> list[str]:
    """The names of its presets: the keys of ``PRESETS`` in its text."""
    return _keys(name, "PRESETS")


def parameters(name: str) -> list[str]:
    """The names of its sliders and switches: the keys of ``PARAMETERS`` in its text."""
    return _keys(name, "PARAMETERS")


def still(name: str, language: Language) -> str:
    """What a reader without JavaScript sees, an SVG; empty where none was made."""
    file = FIGURES / "stills" / f"{name}.{language}.svg"
    return file.read_text("utf-8").strip() if file.is_file() else ""


def _read(name: str) -> str:
    return (FIGURES / f"{name}.js").read_text("utf-8")


def _keys(name: str, constant: str) -> list[str]:
    found = re.search(rf"^export const {constant} = \{{\n(.*?)^\}};", _read(name), re.MULTILINE | re.DOTALL)
    return _KEY.findall(found[1]) if found else []
