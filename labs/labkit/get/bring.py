"""Bring one system's program: by the first way that works here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.fetch.fetch import cost, fetch
from labkit.fetch.trouble import CannotGet
from labkit.get.state import Standing, program_of, standings
from labkit.get.terminal import Terminal
from labkit.language import Text
from labkit.substrates.source import Source

__all__ = ["Brought", "bring"]

_BEGINS = Text("version {version}, {cost}", "{version} 版，{cost}")
_THEN = Text("{trouble} Another way is tried.", "{trouble}現在嘗試另一個途徑。")


@dataclass(frozen=True)
class Brought:
    """How it ended: where the program is, or why it is not here; ``fetched`` when it was not before."""

    standing: Standing
    fetched: bool
    trouble: Text | None = None

    def to_json(self) -> dict[str, Any]:
        """``{"name", "where", "version", "path", "fetched", "trouble": {"en", "zh"}}``."""
        trouble = self.trouble and {"en": self.trouble.en, "zh": self.trouble.zh}
        return {**self.standing.to_json(), "fetched": self.fetched, "trouble": trouble}


def bring(name: str, sure: bool) -> Brought:
    """Fetch it unless it is here. ``sure``: the package manager need not ask."""
    before = standings([name])[0]
    if before.where:
        return Brought(before, fetched=False)
    trouble = _by_any(name, sure)
    return Brought(standings([name])[0], fetched=trouble is None, trouble=trouble)


def _by_any(name: str, sure: bool) -> Text | None:
    """Try its sources one after the other; why none of them brought it, None when one did."""
    told: Text | None = None
    terminal = Terminal(name)
    for source in program_of(name).sources:
        if told is not None:
            terminal.say(_THEN.format(trouble=told))
        try:
            _by(source, terminal, sure)
            return None
        except CannotGet as trouble:
            told = trouble.text
        finally:
            terminal.close()
    return told


def _by(source: Source, terminal: Terminal, sure: bool) -> None:
    terminal.say(_BEGINS.format(version=source.version, cost=cost(source)))
    fetch(source, terminal)
