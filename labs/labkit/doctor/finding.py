"""What an examination finds: each thing is here, or lacking (labs run without it), or missing (they do not)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from labkit.language import Text
from labkit.substrates.packages import takes_root

__all__ = ["Examination", "Finding", "Say", "State", "SystemFinding"]

State = Literal["here", "lacking", "missing"]
Say = Callable[[Text], None]


@dataclass(frozen=True)
class Finding:
    """``key`` is its stable name for scripts; ``command`` mends it, where one command can, and ``facts`` are more for scripts.

    ``by_hand`` is for what nobody may decide for you, such as to run an engine as root. ``act`` mends it where that is
    better than a shell's call of ``command``.
    """

    key: str
    name: Text
    state: State
    said: Text
    command: str = ""
    facts: Mapping[str, Any] = field(default_factory=dict)
    by_hand: bool = False
    act: Callable[[Say], None] | None = None

    @property
    def fixable(self) -> bool:
        """Whether ``--fix`` may do it: it takes no more rights than this user has."""
        return bool(self.command) and not self.by_hand and not takes_root(self.command)

    def as_bad_as(self, state: State) -> Finding:
        """The same, with this state unless it is here."""
        return self if self.state == "here" else replace(self, state=state)

    def to_json(self) -> dict[str, Any]:
        """``{"state", "said": {"en", "zh"}, "command", ...}``; the command is null where none is needed or known."""
        return {"state": self.state, "said": {"en": self.said.en, "zh": self.said.zh},
                "command": self.command or None, **self.facts}


@dataclass(frozen=True)
class SystemFinding:
    """A real system of the kit, on each substrate."""

    name: str
    purpose: Text
    process: Finding
    docker: Finding

    def to_json(self) -> dict[str, Any]:
        """One of ``"systems"``."""
        return {"name": self.name, "purpose": {"en": self.purpose.en, "zh": self.purpose.zh},
                "process": self.process.to_json(), "docker": self.docker.to_json()}


@dataclass(frozen=True)
class Examination:
    """All of it; ``substrate`` is where labs run here."""

    substrate: str
    parts: Sequence[Finding]
    systems: Sequence[SystemFinding]

    @property
    def findings(self) -> Iterator[Finding]:
        """Those of the systems too."""
        yield from self.parts
        for system in self.systems:
            yield from (system.process, system.docker)

    @property
    def missing(self) -> list[Finding]:
        """What labs need and is not here."""
        return [one for one in self.findings if one.state == "missing"]

    @property
    def gaps(self) -> list[Finding]:
        """What is not as it could be, what labs need first."""
        return self.missing + [one for one in self.findings if one.state == "lacking"]

    @property
    def status(self) -> int:
        """For scripts: 0 when labs run here, 1 when something that they need is missing."""
        return int(bool(self.missing))

    def to_json(self) -> dict[str, Any]:
        """``{"ok", "substrate", "systems": [{"name", "process", "docker", ...}], "gaps", and each part by its key}``."""
        return {"ok": not self.missing, "substrate": self.substrate, **{part.key: part.to_json() for part in self.parts},
                "systems": [system.to_json() for system in self.systems],
                "gaps": [{"of": gap.key, "needed": gap.state == "missing", "command": gap.command or None, "fixable": gap.fixable}
                         for gap in self.gaps]}
