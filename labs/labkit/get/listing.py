"""How ``labkit get`` lists programs, and says in a sentence what came of one."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.get.bring import Brought
from labkit.get.state import Standing
from labkit.language import Text
from labkit.show.cells import padded, screen_width
from labkit.show.signs import SIGNS

__all__ = ["in_words", "listing"]

_HERE = Text("{sign} {name} {version}: {path}", "{sign} {name} {version}：{path}")
_TROUBLE = Text("{sign} {name}: {why}", "{sign} {name}：{why}")
_WHERE = {"machine": Text("on this machine", "這台機器"), "cache": Text("fetched", "已取得"), "": Text("not here", "沒有")}


def in_words(one: Brought) -> Text:
    """Its version and where it is, or why it is not here."""
    if one.trouble is not None:
        return _TROUBLE.format(sign=SIGNS["failed"], name=one.standing.name, why=one.trouble)
    return _HERE.format(sign=SIGNS["mended"], name=one.standing.name, version=one.standing.version, path=one.standing.path)


def listing(found: Sequence[Standing]) -> str:
    """A line for each: whether it is here, in which version, and where or what it takes."""
    rows = [(f"{SIGNS['mended' if one.where else 'open']} {one.name}", str(_WHERE[one.where]), one.version,
             one.path or str(one.cost)) for one in found]
    wide = [max(screen_width(row[column]) for row in rows) + 2 for column in range(3)]
    return "\n".join("".join(padded(cell, width, right=False) for cell, width in zip(row, wide, strict=False)) + row[3]
                     for row in rows)
