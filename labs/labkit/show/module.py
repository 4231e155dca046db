"""A figure as one module: ``book/figures/NAME.js`` with the kit and the parts that it imports put before it.

The site ships that text and JupyterLab's anywidget gets the very same, so a figure needs no bundler and no second file. Of
JavaScript this understands just enough: ``import { ... } from "./FILE.js";`` on one line, strings in double quotes or
backticks (none inside another), a semicolon after every statement; tests/site/test_figures.py runs what comes out.
"""

from __future__ import annotations

import re
from pathlib import Path

from labkit.language import Language
from labkit.show.style import VISUAL

__all__ = ["FIGURES", "FigureError", "Range", "bundle", "names", "presets", "ranges", "sources", "still"]

FIGURES = VISUAL.parents[1] / "figures"

_IMPORT = re.compile(r'^import \{[^}\n]*\} from "(\.{1,2}/[\w./-]+\.js)";\n', re.MULTILINE)
_ANY_IMPORT = re.compile(r'^\s*import\b.*|^\s*export\b[^;\n]*\bfrom ".*|\bimport\(.*', re.MULTILINE)
_EXPORT = re.compile(r"^export (?=(?:async |const|function|class|let))", re.MULTILINE)
_NAME = re.compile(r"^(?:export )?(?:const|let|class|(?:async )?function) (\w+)", re.MULTILINE)
_TOKEN = re.compile(r"""("(?:\\.|[^"\\\n])*"|`(?:\\.|[^`\\])*`)|\s*//[^\n]*|\s*;\s*(\})\s*|\s*([][{}();,:?=<>&|*])\s*"""
                    r"""|(?<=[\w)\]])\ ([-+/%])\ (?=[\w(\[`"])|\b(const)\b|\n\s*""")
_PRESETS = re.compile(r"^export const PRESETS = \{\n(.*?)^\};", re.MULTILINE | re.DOTALL)
_RANGES = re.compile(r"^export const RANGES = \{(.*?)\};", re.MULTILINE | re.DOTALL)
_RANGE = re.compile(r"(\w+): (?:null|\[([\d.]+), ([\d.]+), ([\d.]+)\])")
_KEY = re.compile(r"^  \"?([\w-]+)\"?:", re.MULTILINE)


Range = tuple[float, float, float]


class FigureError(ValueError):
    """A figure that cannot be made into one module."""


def names(folder: Path = FIGURES) -> list[str]:
    """Every figure: each module right in ``folder`` but the kit."""
    return sorted(path.stem for path in folder.glob("*.js") if path.stem != "kit")


def bundle(name: str, folder: Path = FIGURES) -> str:
    """The text of one module that asks for nothing else."""
    if name not in names(folder):
        raise FigureError(f"there is no figure {name!r}; there are {', '.join(names(folder))}")
    figure = folder / f"{name}.js"
    files = _needed(figure, folder)
    _refuse_twice(files)
    return _tight("".join(map(_own, files)))


def sources(name: str, folder: Path = FIGURES) -> list[Path]:
    """The files of which it is made: what it imports, itself, its still pictures."""
    return [*_needed(folder / f"{name}.js", folder), *sorted((folder / "stills").glob(f"{name}.*.svg"))]


def presets(name: str, folder: Path = FIGURES) -> list[str]:
    """The names of its presets: the keys of its ``PRESETS``, each of which begins a line."""
    found = _PRESETS.search((folder / f"{name}.js").read_text("utf-8"))
    return _KEY.findall(found[1]) if found else []


def ranges(name: str, folder: Path = FIGURES) -> dict[str, Range | None]:
    """Its parameters: least, most and step of a number; None for what is yes or no."""
    found = _RANGES.search((folder / f"{name}.js").read_text("utf-8"))
    return {key: (float(least), float(most), float(step)) if least else None
            for key, least, most, step in _RANGE.findall(found[1] if found else "")}


def still(name: str, language: Language, folder: Path = FIGURES) -> str:
    """What a reader without JavaScript sees, an SVG; empty where none was made."""
    file = folder / "stills" / f"{name}.{language}.svg"
    return file.read_text("utf-8").strip() if file.is_file() else ""


def _own(path: Path) -> str:
    """What a file itself says, without its imports and exports but for the figure itself."""
    text = _IMPORT.sub("", path.read_text("utf-8"))
    if other := _ANY_IMPORT.search(text):
        raise FigureError(f"{path.name}: cannot bundle {other.group().strip()!r}")
    return _EXPORT.sub("", text)


def _tight(text: str) -> str:
    """Without comments and needless space, and with the shorter of the two words for a name."""
    return _TOKEN.sub(_shorter, text)


def _shorter(token: re.Match[str]) -> str:
    if not token.lastindex:
        return "\n" if token[0].isspace() else ""
    return "let" if token[0] == "const" else token[token.lastindex]


def _refuse_twice(files: list[Path]) -> None:
    """All of it becomes one module, where a name can mean one thing only."""
    seen: dict[str, str] = {}
    for path in files:
        for name in _NAME.findall(path.read_text("utf-8")):
            if name in seen:
                raise FigureError(f"{path.name} and {seen[name]} both have a {name}; call one of them something else")
            seen[name] = path.name


def _needed(path: Path, inside: Path, on_the_way: tuple[Path, ...] = ()) -> list[Path]:
    """The file and all that it imports, each once, after what it needs itself."""
    if path in on_the_way:
        raise FigureError(f"{path.name} imports itself by way of {on_the_way[-1].name}")
    found: list[Path] = []
    for target in _IMPORT.findall(path.read_text("utf-8")):
        part = (path.parent / target).resolve()
        if not (part.is_relative_to(inside.resolve()) and part.is_file()):
            raise FigureError(f"{path.name} imports {target}, which is not in {inside.name}")
        found += _needed(part, inside, (*on_the_way, path))
    return list(dict.fromkeys([*found, path]))
