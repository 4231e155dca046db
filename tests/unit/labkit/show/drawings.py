"""Reading an SVG: its shapes and words, for tests that ask what a picture shows."""

from __future__ import annotations

import re
from dataclasses import dataclass
from html import unescape

from labkit.language import Language
from labkit.show.shown import Shown

__all__ = ["Word", "labels", "shapes", "svgs", "words"]


@dataclass(frozen=True)
class Word:
    """A text of a picture: where, in which colour, and what it says."""

    x: float
    y: float
    anchor: str
    role: str
    said: str


def svgs(shown: Shown, language: Language = "en") -> list[str]:
    """The pictures in an output; a sign beside a word is none."""
    return re.findall(r'<svg (?!class="mbe-sign").*?</svg>', shown.html(language), re.DOTALL)


def words(svg: str) -> list[Word]:
    """What a picture says, and where."""
    pattern = (r'<text x="([-\d.]+)" y="([-\d.]+)"(?: text-anchor="(\w+)")? '
               r'style="fill:var\(--mbe-(\w+)\)">(.*?)</text>')
    return [Word(float(x), float(y), anchor or "start", role, unescape(said))
            for x, y, anchor, role, said in re.findall(pattern, svg)]


def labels(shown: Shown, language: Language = "en") -> dict[str, str]:
    """What each picture of an output says, and in which colour's name."""
    return {word.said: word.role for svg in svgs(shown, language) for word in words(svg)}


def shapes(svg: str, role: str) -> list[str]:
    """The elements of a picture that are drawn in a colour."""
    return [shape for shape in re.findall(r"<(?:path|rect|circle|use) [^>]*>", svg) if f"var(--mbe-{role})" in shape]
