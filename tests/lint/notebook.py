"""A lab as the rules see it: its cells, its lines of code, its words."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from tests.lint.repository import ROOT

__all__ = ["LABS", "Cell", "Lab"]

LABS = sorted((ROOT / "labs").glob("*.ipynb"))
_NOT_WORDS = [r"(?s)```.*?```", r"(?s)<!--.*?-->", r"</?[a-zA-Z][^>]*>", r"\]\([^)]*\)", r"\{[a-z:-]+\}`", r"https?://\S+"]


@dataclass(frozen=True)
class Cell:
    """One cell and its place."""

    index: int
    raw: dict[str, Any]

    @property
    def is_code(self) -> bool:
        """Whether it is run; otherwise it is read."""
        return bool(self.raw["cell_type"] == "code")

    @property
    def source(self) -> str:
        """Its text."""
        return "".join(self.raw["source"])

    @property
    def tags(self) -> list[str]:
        """What it is marked as."""
        return list(self.raw["metadata"].get("tags", []))

    @property
    def lines(self) -> list[str]:
        """Its lines of code, without blank ones and those that only comment."""
        return [line for line in self.source.splitlines() if line.strip() and not line.strip().startswith("#")]

    @property
    def words(self) -> int:
        """How many words a reader reads: no code, no addresses, no markup."""
        text = self.source
        for pattern in _NOT_WORDS:
            text = re.sub(pattern, " ", text)
        return len(re.findall(r"\w[\w'’.,%-]*", text))


class Lab:
    """One notebook."""

    def __init__(self, path: Path) -> None:
        self.path = path

    @cached_property
    def raw(self) -> dict[str, Any]:
        """The notebook's JSON."""
        loaded: dict[str, Any] = json.loads(self.path.read_text("utf-8"))
        return loaded

    @cached_property
    def cells(self) -> list[Cell]:
        """All its cells."""
        return [Cell(index, raw) for index, raw in enumerate(self.raw["cells"], start=1)]

    @property
    def code(self) -> list[Cell]:
        """The cells that are run."""
        return [cell for cell in self.cells if cell.is_code]

    @property
    def prose(self) -> list[Cell]:
        """The cells that are read."""
        return [cell for cell in self.cells if cell.raw["cell_type"] == "markdown"]
