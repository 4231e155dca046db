"""The changes of state of a circuit breaker during a run, read from its service's log."""

from __future__ import annotations

import math
from typing import Any

from labkit.handles.service import Service
from labkit.language import Text
from labkit.measure.figure import figure
from labkit.measure.quantity import Quantity
from labkit.measure.run import Run
from labkit.show.table import Table

__all__ = ["BreakerTrace"]

_COLUMNS = (Text("at", "時間"), Text("from", "從"), Text("to", "到"))


class BreakerTrace:
    """What the breakers in ``service`` did during ``run``. Read anew each time, so a repeated run has a trace too."""

    def __init__(self, service: Service, run: Run) -> None:
        self._service, self._run = service, run

    @property
    def changes(self) -> list[tuple[float, str, str]]:
        """(seconds since second 0 of the run, state before, state after), in order."""
        return [(entry["at"] - self._run.t0, entry["from"], entry["to"]) for entry in self._service.events("breaker")
                if entry["at"] >= self._run.t0]

    @property
    def opened(self) -> Quantity:
        """When it opened, seconds; NaN unless that was its first change."""
        return self._quantity(Text("breaker opened at", "熔斷器開啟於"), lambda: self._at(0, ("closed", "open")), "s")

    @property
    def failed_probes(self) -> Quantity:
        """How many probes found the callee still sick."""
        return self._quantity(Text("probes that failed", "失敗的探測"),
                              lambda: sum(change[1:] == ("half-open", "open") for change in self.changes))

    @property
    def closed(self) -> Quantity:
        """When it closed for good, by way of half-open, seconds; NaN when it did not end closed."""
        return self._quantity(Text("breaker closed at", "熔斷器關閉於"), lambda: self._at(-1, ("half-open", "closed")), "s")

    def table(self) -> Table:
        """One row a change."""
        return Table(_COLUMNS, [[figure(at, "s"), before, after] for at, before, after in self.changes],
                     Text("Changes of state of the breaker in {name}", "{name} 中熔斷器的狀態變化").format(
                         name=self._service.name))

    def _at(self, number: int, change: tuple[str, str]) -> float:
        changes = self.changes
        return changes[number][0] if changes and changes[number][1:] == change else math.nan

    def _quantity(self, label: Text, evaluate: Any, unit: str = "") -> Quantity:
        return Quantity(evaluate, label, unit, [self._run])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        return self.table()._repr_mimebundle_(include, exclude)
