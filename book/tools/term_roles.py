"""A term in a translation leads to the glossary's own entry: ``{term}`breaker``` is ``{term}`熔斷器``` and nothing else."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import polib

__all__ = ["glossary", "mistermed"]

_TERM = re.compile(r"\{term\}`(?:[^`<]*<)?\s*(?P<term>[^`<>]+?)\s*>?`")


def glossary(catalogue: Path) -> dict[str, str]:
    """English term -> Chinese term, from the glossary's catalogue; empty where that is missing or cannot be read."""
    try:
        return {entry.msgid.lower(): entry.msgstr for entry in polib.pofile(str(catalogue), encoding="utf-8")}
    except (OSError, ValueError):
        return {}


def mistermed(msgid: str, msgstr: str, known: Mapping[str, str]) -> str:
    """Which terms of the message the translation does not lead to, or leads to without being asked; or nothing."""
    wanted = Counter(known.get(term.lower(), term) for term in _TERM.findall(msgid))
    found = Counter(_TERM.findall(msgstr))
    lost, added = sorted((wanted - found).elements()), sorted((found - wanted).elements())
    return "; ".join([f"no {{term}} to {', '.join(lost)}"] * bool(lost) + [f"{{term}} to {', '.join(added)}"] * bool(added))
