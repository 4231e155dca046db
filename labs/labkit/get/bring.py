"""Bring one system's program: by the first way that works here."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from labkit.fetch.fetch import cost, fetch
from labkit.fetch.manager import command_for, install
from labkit.fetch.trouble import CannotGet
from labkit.fetch.unpack import unpacks
from labkit.get.consent import agreed
from labkit.get.state import Standing, program_named, standings
from labkit.get.terminal import Terminal
from labkit.language import Text
from labkit.substrates.java import find_java, java_package
from labkit.substrates.source import Maven, Package, Source

__all__ = ["Brought", "bring"]

_BEGINS = Text("version {version}, {cost}", "{version} 版，{cost}")
_COMMAND = Text("the system's package manager has it: {command}", "系統的套件管理工具有它：{command}")
_UNPACKS = Text("nothing is installed: the package {package} is unpacked into the cache",
                "不安裝任何東西：把套件 {package} 解開到快取資料夾")
_NO_CONSENT = Text("Nothing was installed, for nobody agreed to it. Run this yourself, or say --yes: {command}",
                   "沒有安裝任何東西，因為沒有人同意。請自行執行，或加上 --yes：{command}")
_NO_PACKAGE = Text("No package manager of this machine has {name}.", "這台機器的套件管理工具沒有 {name}。")
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
    for source in program_named(name).sources:
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
    """By this one; the system's package manager is asked only where the user agrees."""
    if isinstance(source, Maven) and not find_java(source.java):
        _package(java_package(source.java), terminal, sure)
    if isinstance(source, Package):
        _package(source, terminal, sure)
    else:
        terminal.say(_BEGINS.format(version=source.version, cost=cost(source)))
        fetch(source, terminal)


def _package(source: Package, terminal: Terminal, sure: bool) -> None:
    """Install it with consent; without, unpack it into the cache where that works."""
    command = command_for(source)
    if not command:
        raise CannotGet(_NO_PACKAGE.format(name=source.name))
    terminal.say(_COMMAND.format(command=command))
    if agreed(sure):
        install(source)
    elif unpacks(source):
        terminal.say(_UNPACKS.format(package=source.debian))
        fetch(source, terminal)
    else:
        raise CannotGet(_NO_CONSENT.format(command=command))
