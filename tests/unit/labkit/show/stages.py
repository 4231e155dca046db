"""A notebook to show things in, without one: what is displayed, and what replaces it."""

from __future__ import annotations

from typing import Any

import IPython.display
import pytest

from labkit.show import live, note, predict, progress
from labkit.show.shown import Shown


class Notebook:
    """Stands in for ``IPython.display.display``: ``outputs`` are as a reader sees them now, ``seen`` all there were."""

    def __init__(self) -> None:
        self.outputs: list[Any] = []
        self.seen: list[Any] = []

    def display(self, shown: Shown, display_id: bool = False) -> Handle | None:
        self.outputs.append(shown)
        self.seen.append(shown)
        return Handle(self, len(self.outputs) - 1) if display_id else None


class Handle:
    """One output that can be replaced."""

    def __init__(self, notebook: Notebook, place: int) -> None:
        self.notebook, self.place = notebook, place

    def update(self, shown: Shown) -> None:
        self.notebook.outputs[self.place] = shown
        self.notebook.seen.append(shown)


def on(monkeypatch: pytest.MonkeyPatch, stage: str) -> Notebook:
    """Let everything be shown on that stage."""
    notebook = Notebook()
    monkeypatch.setattr(IPython.display, "display", notebook.display)
    for module in (live, note, predict, progress):
        monkeypatch.setattr(module, "stage", lambda: stage)
    return notebook
