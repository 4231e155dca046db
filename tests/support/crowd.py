"""Several owners of labs at the same time on one machine: what each has, and whether one has what is another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.support.containers import labels_of
from tests.support.owners import Owner
from tests.support.remains import listening

__all__ = ["belongings", "shared"]


def belongings(one: Owner) -> set[str]:
    """What one has now, a line each: its listening sockets with their ports, folders, labels, containers and networks."""
    one.look()
    remains = one.remains
    own = {f"folder {path}" for path in remains.folders() if path.name.startswith(f"{remains.owner}-")}
    own |= {f"socket {inode} of port {port}" for inode, port in remains.ports().items()}
    own |= {line.partition(" (")[0] for line in remains.contained()}
    return own | (labels_of(remains.engine, remains.owner) if remains.engine else set())


def shared(crowd: Iterable[set[str]]) -> list[str]:
    """What more than one has; a port that one has given back while the others were asked is nobody's by now."""
    had, now = list(crowd), {f"socket {inode} of port {port}" for inode, port in listening().items()}
    things = [{_port(thing) for thing in each if not thing.startswith("socket") or thing in now} |
              {thing for thing in each if thing.startswith("socket")} for each in had]
    return sorted(thing for thing, owners in Counter(thing for each in things for thing in each).items() if owners > 1)


def _port(thing: str) -> str:
    """Two sockets are never one, but they could have one port."""
    return thing.partition(" of ")[2] or thing
