"""One line that is written over as work goes on: what is being done now."""

from __future__ import annotations

import sys
from typing import Any

from labkit.language import Text
from labkit.show.note import Note
from labkit.show.where import stage

__all__ = ["Line"]


class Line:
    """Call it with what is being done; the last word stays. Where nobody watches, nothing is shown."""

    def __init__(self) -> None:
        self._handle: Any = None

    def __call__(self, said: Text) -> None:
        """Say it in place of what was said before."""
        if stage() == "notebook":
            self._replace(Note(said))
        elif stage() == "terminal":
            sys.stderr.write(f"\r\x1b[K{said}")
            sys.stderr.flush()

    def _replace(self, shown: Note) -> None:
        if self._handle is None:
            from IPython.display import display

            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)
