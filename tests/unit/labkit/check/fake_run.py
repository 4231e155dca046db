"""What the tests of the claims share: a run whose figures they set, and notebooks of their own."""

from __future__ import annotations

import json
from pathlib import Path

from labkit.language import Text
from labkit.measure.quantity import Quantity

SLOW = Text("the control stream was slow", "對照用的 ping 太慢")


class FakeRun:
    """Measures ``values`` one after the other, at each of which the machine is ``busy`` or not."""

    def __init__(self, *values: float, busy: tuple[bool, ...] = (), strictly_busy: bool = False) -> None:
        self.values, self.busy, self.strictly_busy, self.runs = values, busy, strictly_busy, 1

    @property
    def answered(self) -> Quantity:
        """The share answered in the latest run."""
        return Quantity(lambda: self.values[min(self.runs, len(self.values)) - 1],
                        Text("home answered", "首頁得到回應"), "share", [self])

    def again(self) -> None:
        self.runs += 1

    def too_busy(self, strict: bool = False) -> Text | None:
        now = self.busy[self.runs - 1] if self.runs <= len(self.busy) else False
        return SLOW if now or (strict and self.strictly_busy) else None


def write_lab(book: Path, name: str, *cells: str, prose: str = "A lab.") -> None:
    """A notebook with these code cells."""
    content = [{"cell_type": "markdown", "source": [prose]},
               *({"cell_type": "code", "source": cell.splitlines(keepends=True), "outputs": []} for cell in cells)]
    (book / "labs" / f"{name}.ipynb").write_text(json.dumps({"cells": content}), "utf-8")
