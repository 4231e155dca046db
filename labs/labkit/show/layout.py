"""Where the nodes of a picture go: a layer for each step from the callers, rightwards or downwards."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.language import LANGUAGES
from labkit.show.boxes import TYPE, Place, size
from labkit.show.labels import width
from labkit.show.snapshot import Link, Node, Snapshot

__all__ = ["Layout"]

_EDGE = 12.0
_CLEAR, _AROUND = 18.0, 30.0


@dataclass(frozen=True)
class Layout:
    """``places`` are the middles of the nodes by name; ``wide`` and ``high`` the size of it all."""

    snapshot: Snapshot
    rightwards: bool
    places: dict[str, Place]
    wide: float
    high: float

    @classmethod
    def of(cls, snapshot: Snapshot, rightwards: bool) -> Layout:
        """Layers side by side or one under the other; the nodes of a layer are centred on it."""
        layers = snapshot.layers()
        apart = max(52.0, _longest_label(snapshot) + 16) if rightwards else 44.0
        longest = max((_length(layer, rightwards) for layer in layers), default=0.0)
        places: dict[str, Place] = {}
        along = _EDGE
        for layer in layers:
            deep = max(_along(node, rightwards) for node in layer)
            aside = _EDGE + 6 + (longest - _length(layer, rightwards)) / 2
            for node in layer:
                across = _across(node, rightwards)
                spot = (along + deep / 2, aside + across / 2)
                places[node.name] = Place(*(spot if rightwards else spot[::-1]))
                aside += across + _between(rightwards)
            along += deep + apart
        side = longest + 2 * _EDGE + 6 + _aside(snapshot, rightwards)
        end = along - apart + _EDGE
        return cls(snapshot, rightwards, places, *((end, side) if rightwards else (side, end)))

    def ends(self, link: Link) -> tuple[Place, Place, Place]:
        """Where the link's line begins, where it ends, and how it bows round what is between."""
        nodes = {node.name: node for node in self.snapshot.nodes}
        begin, end = self.places[link.caller], self.places[link.callee]
        here, there = size(nodes[link.caller]), size(nodes[link.callee])
        around = skips(link, self.snapshot)
        if self.rightwards is not around:
            leave, arrive = (here.x / 2 + 3, 0.0), (there.x / 2 + 3, 0.0)
        else:
            leave, arrive = (0.0, here.y / 2 + 3), (0.0, there.y / 2 + 3)
        if not around:
            return begin.plus(*leave), end.plus(-arrive[0], -arrive[1]), Place(0, 0)
        begin, end = begin.plus(*leave), end.plus(*arrive)
        return begin, end, self._bow(begin, end)

    def _bow(self, begin: Place, end: Place) -> Place:
        """As far as it takes for the middle of the curve, which reaches three quarters of it, to pass every node."""
        nodes = [(self.places[node.name], size(node)) for node in self.snapshot.nodes]
        if self.rightwards:
            foot = max(at.y + its.y / 2 for at, its in nodes) + _CLEAR
            return Place(0, (foot - (begin.y + end.y) / 2) / 0.75)
        side = max(at.x + its.x / 2 for at, its in nodes) + _CLEAR
        return Place((side - (begin.x + end.x) / 2) / 0.75, 0)


def skips(link: Link, snapshot: Snapshot) -> bool:
    """Whether the link passes a layer by, or leads back."""
    depth = {node.name: i for i, layer in enumerate(snapshot.layers()) for node in layer}
    return depth[link.callee] - depth[link.caller] != 1


def _aside(snapshot: Snapshot, rightwards: bool) -> float:
    """Room beside the nodes for links that go round, and for labels beside lines that run down."""
    around = any(skips(link, snapshot) for link in snapshot.links)
    if rightwards:
        return _AROUND if around else 0.0
    label = max(0.0, _longest_label(snapshot) - 30)
    return _AROUND + label if around else label


def _longest_label(snapshot: Snapshot) -> float:
    labels = (link.fault.to(language) for link in snapshot.links if link.fault for language in LANGUAGES)
    return max((width(label, TYPE) for label in labels), default=0.0)


def _length(layer: Sequence[Node], rightwards: bool) -> float:
    return sum(_across(node, rightwards) for node in layer) + _between(rightwards) * (len(layer) - 1)


def _between(rightwards: bool) -> float:
    return 24.0 if rightwards else 16.0


def _along(node: Node, rightwards: bool) -> float:
    return size(node).x if rightwards else size(node).y


def _across(node: Node, rightwards: bool) -> float:
    return size(node).y if rightwards else size(node).x
