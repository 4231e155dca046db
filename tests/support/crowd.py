"""Several owners of labs at the same time on one machine: what each has, and whether one has what is another's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from tests.support.containers import labels_of
from tests.support.owners import Owner

__all__ = ["belongings", "shared"]


def belongings(one: Owner) -> set[str]:
    """What one has now, a line each: its listening sockets and their ports, folders, labels, containers and networks."""
    one.look()
    remains = one.remains
    own = {f"folder {path}" for path in remains.folders() if path.name.startswith(f"{remains.owner}-")}
    own |= {f"socket {inode}" for inode in remains.sockets} | {f"port {port}" for port in remains.sockets.values()}
    own |= {line.partition(" (")[0] for line in remains.contained()}
    return own | (labels_of(remains.engine, remains.owner) if remains.engine else set())


def shared(crowd: Iterable[set[str]]) -> list[str]:
    """What more than one has."""
    return sorted(thing for thing, owners in Counter(thing for each in crowd for thing in each).items() if owners > 1)
