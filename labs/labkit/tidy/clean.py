"""End what labs have left: by label, by pid and start time, never by name."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.language import Text
from labkit.substrates import leftovers, proc
from labkit.tidy.found import FoundLab
from labkit.tidy.labs import find_labs

__all__ = ["Ended", "end_lab", "to_end"]

_SECONDS = 2.0
_UNKNOWN = Text("There is no lab {names} here; python -m labkit ps lists them.",
                "這裡沒有實驗 {names}；python -m labkit ps 會列出所有實驗。")
_ALIVE = Text("Still alive: {names}. --all ends living labs too.", "還在執行：{names}。--all 才會結束執行中的實驗。")


@dataclass(frozen=True)
class Ended:
    """A lab as it was, and what of it is there still: None when nothing is."""

    lab: FoundLab
    remains: FoundLab | None


def to_end(labs: Sequence[FoundLab], names: Sequence[str] = (), everything: bool = False) -> list[FoundLab]:
    """Those of ``names`` (none: of all) whose owner is gone; with ``everything`` the living too.

    ``LookupError`` for a name that no lab has, ``ValueError`` for a living lab that was named without ``everything``.
    """
    known = {lab.name: lab for lab in labs}
    if unknown := [name for name in names if name not in known]:
        raise LookupError(str(_UNKNOWN.format(names=", ".join(unknown))))
    if living := [name for name in names if known[name].state != "left" and not everything]:
        raise ValueError(str(_ALIVE.format(names=", ".join(living))))
    return [lab for lab in labs if (lab.name in names or not names) and (everything or lab.state == "left")]


def end_lab(lab: FoundLab) -> Ended:
    """End it and look again."""
    if lab.folder is not None:
        leftovers.remove(lab.folder)
    for process in lab.processes:
        proc.end(process.pid, process.start)
    for address in lab.engines:
        leftovers.end_containers({"address": address, "lab": lab.name})
    _wait_for_the_end(lab)
    return Ended(lab, next((one for one in find_labs().labs if one.name == lab.name), None))


def _wait_for_the_end(lab: FoundLab) -> None:
    until = time.monotonic() + _SECONDS
    while time.monotonic() < until and any(process.runs for process in lab.processes):
        time.sleep(0.01)
