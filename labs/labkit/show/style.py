"""The look: the values of ``book/_static/visual.css`` and the rules in ``css/``, as one small sheet per output.

An output is looked at in JupyterLab, on the site, in VS Code, in a saved page: it can rely on no style but its own.
So each carries its sheet, scoped to ``.mbe``, and asks for nothing over the network.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Literal

__all__ = ["COLOURS", "PREFIX", "VISUAL", "number", "stylesheet", "values"]

PREFIX = "--mbe-"
VISUAL = Path(__file__).parents[3] / "book" / "_static" / "visual.css"
RULES = Path(__file__).with_name("css")

COLOURS = ("paper", "panel", "text", "secondary", "rule",
           "healthy", "waiting", "failed", "busy", "mended", "theory", "guess")
"""The names of the book's colours: five for ground and text, then one for each meaning."""

_COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
_BLOCK = re.compile(r"([^{}]+)\{([^{}]*)\}")
_SPACE = re.compile(r"\s+")
_TIGHT = re.compile(r"\s*([{};,>])\s*|(?<=:)\s+|;(?=\})")


@cache
def values() -> dict[Literal["light", "dark"], dict[str, str]]:
    """What ``visual.css`` sets: name (without prefix) to value, in light and in dark."""
    blocks = _BLOCK.findall(_COMMENT.sub("", VISUAL.read_text(encoding="utf-8")))
    light = _settings(next(body for selector, body in blocks if selector.strip() == ":root"))
    dark = _settings(next(body for selector, body in blocks if "dark" in selector))
    return {"light": light, "dark": {**light, **dark}}


def number(name: str) -> float:
    """A value that is a plain number, such as ``number("line")``."""
    return float(values()["light"][name])


@cache
def stylesheet(*kinds: str) -> str:
    """The sheet for outputs of these kinds (files in ``css/``), scoped to ``.mbe`` and without needless space."""
    light, dark = values()["light"], values()["dark"]
    rules = "".join((RULES / f"{kind}.css").read_text(encoding="utf-8") for kind in ("base", *kinds))
    used = {name for name in light if f"var({PREFIX}{name})" in rules or name in COLOURS}
    changed = {name for name in used if light[name] != dark[name]}
    dark_roots = ",".join(f"{root} .mbe" for root in _dark_roots())
    rules = rules.replace(".mbe ", ".mbe.mbe ")  # twice: stronger than what a theme says of every table and code
    return _tight(f".mbe{{{_declare(light, used)}}}{dark_roots}{{{_declare(dark, changed)}}}{rules}")


def _settings(body: str) -> dict[str, str]:
    pairs = (line.split(":", 1) for line in body.split(";") if ":" in line)
    return {name.strip().removeprefix(PREFIX): _SPACE.sub(" ", value.strip()) for name, value in pairs}


def _dark_roots() -> list[str]:
    """The selectors under which ``visual.css`` is dark."""
    css = _COMMENT.sub("", VISUAL.read_text(encoding="utf-8"))
    selector = next(selector for selector, _ in _BLOCK.findall(css) if "dark" in selector)
    return [one.strip() for one in selector.split(",")]


def _declare(look: dict[str, str], names: set[str]) -> str:
    return ";".join(f"{PREFIX}{name}:{look[name]}" for name in look if name in names)


def _tight(css: str) -> str:
    return _TIGHT.sub(lambda found: found.group(1) or "", _SPACE.sub(" ", _COMMENT.sub("", css))).strip()
