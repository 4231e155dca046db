"""A name that nobody knows is answered with the nearest ones that are known."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from labkit.language import Text

__all__ = ["UnknownNameError", "unknown"]

_UNKNOWN = Text("There is no {kind} “{name}”. {hint}", "沒有名為「{name}」的{kind}。{hint}")
_NEAR = Text("Did you mean {names}?", "是不是 {names}？")
_KNOWN = Text("Known are: {names}.", "現有的是：{names}。")


class UnknownNameError(LookupError):
    """A name that is not known; the message names what may have been meant."""


def unknown(kind: Text, name: str, known: Iterable[str]) -> UnknownNameError:
    """The error for a ``name`` that is not among the ``known`` names of its ``kind`` ("claim", "exercise")."""
    names = list(known)
    near = _same_end(name, names) or difflib.get_close_matches(name, names, 3, 0.5)
    hint = (_NEAR if near else _KNOWN).format(names=", ".join(near or names))
    return UnknownNameError(str(_UNKNOWN.format(kind=kind, name=name, hint=hint)))


def _same_end(name: str, names: list[str]) -> list[str]:
    """Claims of other chapters with the same last word: the chapter is what one forgets."""
    return [known for known in names if known.rpartition(".")[2] == name.rpartition(".")[2]]
