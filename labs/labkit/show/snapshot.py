"""A snapshot of a lab as plain data: what is running, and who calls whom."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from labkit.language import Text

__all__ = ["Link", "Node", "Snapshot"]


@dataclass(frozen=True)
class Node:
    """A client, a service or a system (Redis, Kafka).

    ``threads`` is the size of the pool of all its instances (0: it has none to show) and ``busy`` how many of them
    work; None means that it did not answer. ``note`` is a word on its state, such as "paused".
    """

    name: str
    kind: Literal["client", "service", "system"] = "service"
    instances: int = 1
    threads: int = 0
    busy: float | None = None
    state: Literal["healthy", "waiting", "failed"] = "healthy"
    note: Text | None = None


@dataclass(frozen=True)
class Link:
    """``caller`` calls ``callee``; ``fault`` is the label of what was done to the way between them."""

    caller: str
    callee: str
    fault: Text | None = None
    state: Literal["healthy", "slow", "cut"] = "healthy"


@dataclass(frozen=True)
class Snapshot:
    """All of it at one moment. Links name their nodes."""

    nodes: tuple[Node, ...]
    links: tuple[Link, ...]

    def __post_init__(self) -> None:
        names = {node.name for node in self.nodes}
        unknown = next((end for link in self.links for end in (link.caller, link.callee) if end not in names), None)
        if unknown is not None:
            raise ValueError(str(Text("A link names {name}, which is not among the nodes: {names}.",
                                      "有一條連線指到 {name}，但節點中沒有它：{names}。").format(
                                          name=unknown, names=", ".join(sorted(names)))))

    def layers(self) -> list[list[Node]]:
        """Callers before callees: each node one layer after the last of its callers. A cycle is cut where it closes."""
        depth: dict[str, int] = {}

        def place(name: str, at: int, path: tuple[str, ...]) -> None:
            if depth.get(name, -1) >= at:
                return
            depth[name] = at
            for link in self.links:
                if link.caller == name and link.callee not in (*path, name):
                    place(link.callee, at + 1, (*path, name))

        called = {link.callee for link in self.links if link.caller != link.callee}
        for node in self.nodes:
            if node.name not in called:
                place(node.name, 0, ())
        for node in self.nodes:
            place(node.name, depth.get(node.name, 0), ())
        deepest = max(depth.values(), default=-1)
        return [[node for node in self.nodes if depth[node.name] == layer] for layer in range(deepest + 1)]
