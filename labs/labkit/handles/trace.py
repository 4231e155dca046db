"""The changes of state of a circuit breaker during a run, read from its service's log."""

from __future__ import annotations

from typing import Any

from labkit.handles.service import Service
from labkit.language import Text
from labkit.measure.figure import figure
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
    def opened(self) -> bool:
        """Whether its first change was from closed to open."""
        return bool(self.changes) and self.changes[0][1:] == ("closed", "open")

    @property
    def probed(self) -> bool:
        """Whether it asked while the callee was still sick, and went back to open."""
        return ("half-open", "open") in (change[1:] for change in self.changes)

    @property
    def closed(self) -> bool:
        """Whether it ended closed, by way of half-open."""
        return bool(self.changes) and self.changes[-1][1:] == ("half-open", "closed")

    @property
    def probes(self) -> int:
        """How often it was half-open."""
        return sum(after == "half-open" for _, _, after in self.changes)

    def table(self) -> Table:
        """One row a change."""
        return Table(_COLUMNS, [[figure(at, "s"), before, after] for at, before, after in self.changes],
                     Text("Changes of state of the breaker in {name}", "{name} 中熔斷器的狀態變化").format(
                         name=self._service.name))

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> Any:
        return self.table()._repr_mimebundle_(include, exclude)
