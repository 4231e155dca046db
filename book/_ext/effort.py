"""What a page asks of its reader: minutes to read its text, and for a lab the seconds that its run took.

Both are found, never typed in: the minutes in the page as it is read (in the edition's own script), the seconds in the
times that the executed notebook keeps of its cells.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment

from book.tools.pace import minutes
from book.tools.runs import RunError, read_run

__all__ = ["reading", "register", "seconds"]

_NOT_READ = (nodes.literal_block, nodes.math_block, nodes.raw, nodes.comment, nodes.citation)


def register(app: Sphinx) -> None:
    """Time each page when it is read."""
    app.connect("doctree-read", _time)
    app.connect("env-purge-doc", _purge)


def reading(env: BuildEnvironment) -> dict[str, int]:
    """Page -> minutes to read it; it lives with Sphinx's pickled environment."""
    times: dict[str, int] = env.__dict__.setdefault("book_reading", {})
    return times


def seconds(executed: Path) -> float | None:
    """From the first cell's begin to the last one's end, or None where the lab was not run, or its run cannot be read."""
    try:
        run = read_run(executed)
    except RunError:  # book/tools/doubts.py says so
        return None
    moments = sorted(_moments(run["cells"])) if run else []
    return (moments[-1] - moments[0]).total_seconds() if moments else None


def _moments(cells: Sequence[dict[str, Any]]) -> Iterator[datetime]:
    for cell in cells:
        for moment in cell.get("metadata", {}).get("execution", {}).values():
            yield datetime.fromisoformat(moment)


def _time(app: Sphinx, doctree: nodes.document) -> None:
    reading(app.env)[app.env.docname] = minutes(" ".join(_prose(doctree)))


def _prose(node: nodes.Node) -> Iterator[str]:
    """The text that is read from first to last: neither code, nor outputs, nor references."""
    if isinstance(node, nodes.Text):
        yield node.astext()
    elif isinstance(node, nodes.Element) and not isinstance(node, _NOT_READ) and node.get("nb_element") != "cell_code":
        for child in node.children:
            yield from _prose(child)


def _purge(_app: Sphinx, env: BuildEnvironment, page: str) -> None:
    reading(env).pop(page, None)
