"""Draw the README's pictures from the first lab's run: who calls whom, and what users got while stock hung.

    python -m book.tools.readme_picture

Takes the two charts as the lab drew them (``./run site`` runs it) and puts them on one self-contained SVG: one file for
each language and each of light and dark, since GitHub shows a picture without the page's style.
"""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass
from typing import Any, Literal

from book.tools.tree import HERE, Tree
from labkit.language import LANGUAGES, Language
from labkit.show.style import PREFIX, values

__all__ = ["LAB", "LOOKS", "main", "name"]

LAB = "avalanche_1_collapse"
Look = Literal["light", "dark"]
LOOKS: tuple[Look, Look] = ("light", "dark")
_CELLS = {"services": "picture", "answers": "e1-chart"}
_WIDE, _EDGE, _TITLE = 720.0, 20.0, 34.0
_FIGURE = re.compile(r'<figcaption>(.*?)</figcaption><svg [^>]*?viewBox="0 0 (\d+) (\d+)"[^>]*>(?:<title>.*?</title>)?(.*?)</svg>',
                     re.DOTALL)


@dataclass(frozen=True)
class Chart:
    """A chart's finding, its size in units of its own, and its elements."""

    finding: str
    wide: int
    high: int
    inner: str


def main(tree: Tree = HERE) -> int:
    """Write the four pictures; status 1 where the lab has not been run."""
    run = tree.executed / f"{LAB}.ipynb"
    if not run.is_file():
        print(f"There is no run of {LAB} yet: ./run site makes one.", file=sys.stderr)
        return 1
    cells = {cell["id"]: cell for cell in json.loads(run.read_text("utf-8"))["cells"]}
    for language in LANGUAGES:
        charts = {kind: _chart(cells[cell], language) for kind, cell in _CELLS.items()}
        for look in LOOKS:
            path = tree.root / name(language, look)
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(_picture(charts, language, look), "utf-8")
    return 0


def name(language: str, look: str) -> str:
    """Where a picture is, from the root of the repository."""
    return f"book/_static/readme/avalanche.{language}.{look}.svg"


def _chart(cell: dict[str, Any], language: Language) -> Chart:
    """What the lab stored for this language; the first of the two shapes in which it draws the services."""
    found = _FIGURE.search("".join(cell["outputs"][-1]["metadata"][language]["text/html"]))
    if found is None:
        raise ValueError(f"The cell {cell['id']} of {LAB} shows no chart.")
    return Chart(found[1], int(found[2]), int(found[3]), found[4])


def _picture(charts: dict[str, Chart], language: Language, look: Look) -> str:
    top, parts = _EDGE, []
    for kind, chart in charts.items():
        scale = 1.0 if kind == "services" else (_WIDE - 2 * _EDGE) / chart.wide
        parts.append(f'<text class="finding" x="{_EDGE:g}" y="{top + 14:g}">{chart.finding}</text>'
                     f'<svg class="{kind}" x="{_EDGE:g}" y="{top + _TITLE:g}" width="{chart.wide * scale:.0f}" '
                     f'height="{chart.high * scale:.0f}" viewBox="0 0 {chart.wide} {chart.high}">{chart.inner}</svg>')
        top += _TITLE + chart.high * scale + _EDGE
    alt = ". ".join(chart.finding for chart in charts.values())
    return (f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDE:g}" height="{top:.0f}" viewBox="0 0 {_WIDE:g} {top:.0f}" '
            f'lang="{language}" role="img" aria-label="{alt}"><style>{_style(look)}</style>'
            f'<rect class="paper" width="100%" height="100%" rx="6"/>{"".join(parts)}</svg>\n')


def _style(look: Look) -> str:
    """The book's colours in this look, and how text is set in each part."""
    known = values()[look]
    return (f"svg{{{';'.join(f'{PREFIX}{key}:{value}' for key, value in known.items())}}}"
            ".paper{fill:var(--mbe-paper)}"
            "text{dominant-baseline:central;font-family:var(--mbe-sans);font-variant-numeric:tabular-nums}"
            ".finding{fill:var(--mbe-text);font-size:16px;font-weight:600}"
            ".services text{font-size:12.5px}"
            ".answers text{font-size:11.5px;paint-order:stroke;stroke:var(--mbe-paper);stroke-linejoin:round;stroke-width:3px}")


if __name__ == "__main__":
    sys.exit(main())
