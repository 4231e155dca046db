"""A picture of what is running and who calls whom: callers to callees, rightwards, or downwards on a narrow screen."""

from __future__ import annotations

from html import escape

from labkit.language import Language, Text
from labkit.measure.figure import plain
from labkit.show.arrows import draw_link
from labkit.show.boxes import draw_node
from labkit.show.layout import Layout
from labkit.show.over_time import joined
from labkit.show.shown import Shown, tag, written
from labkit.show.snapshot import Link, Node, Snapshot

__all__ = ["Topology", "topology"]

_STATES = {"healthy": Text("healthy", "正常"), "waiting": Text("waiting", "等待中"), "failed": Text("failed", "失敗")}
_JOINED = Text("{finding}. {alt}", "{finding}。{alt}")


class Topology(Shown):
    """Both pictures are there, and the style shows the one that fits: text keeps its size on a phone."""

    css = ("chart", "topology")

    def __init__(self, snapshot: Snapshot, finding: Text) -> None:
        self.snapshot, self.finding = snapshot, finding

    def body(self, language: Language) -> str:
        """The picture from left to right and the one from top to bottom, below what they show."""
        pictures = (self._picture(rightwards, language) for rightwards in (True, False))
        return tag("figure", tag("figcaption", written(self.finding, language)) + "".join(pictures),
                   class_="mbe-chart mbe-topology")

    def plain(self, language: Language) -> str:
        """What they show, and what there is to see."""
        return f"{self.finding.to(language)}\n{self.alt.to(language)}"

    @property
    def alt(self) -> Text:
        """The picture in words."""
        nodes = (_said_node(node) for node in self.snapshot.nodes if _told(node))
        return joined([*map(_said_link, self.snapshot.links), *nodes])

    def _picture(self, rightwards: bool, language: Language) -> str:
        layout = Layout.of(self.snapshot, rightwards)
        links = [part for link in self.snapshot.links if link.caller != link.callee
                 for part in draw_link(link, *layout.ends(link), language)]
        nodes = [part for node in self.snapshot.nodes for part in draw_node(node, layout.places[node.name], language)]
        alt = _JOINED.format(finding=self.finding, alt=self.alt).to(language)
        title = tag("title", escape(self.finding.to(language)))
        return tag("svg", title + "".join(nodes + links), role="img", aria_label=alt,
                   viewBox=f"0 0 {layout.wide:.0f} {layout.high:.0f}", style=f"width:{layout.wide:.0f}px",
                   class_="mbe-wide" if rightwards else "mbe-narrow")


def topology(snapshot: Snapshot, *, finding: Text | None = None) -> Topology:
    """Show a snapshot. Faults carry their label, busy threads are cells, and colour never says a thing alone."""
    disturbed = [Text(arrow, arrow) for link in snapshot.links if link.fault for arrow in [f"{link.caller} → {link.callee}"]]
    disturbed += [Text("{name} ({note})", "{name}（{note}）").format(name=node.name, note=node.note)
                  for node in snapshot.nodes if node.note]
    services = sum(node.kind != "client" for node in snapshot.nodes)
    usual = (Text("{n} services, nothing is disturbed", "{n} 個服務，都沒有受干擾") if not disturbed else
             Text("{n} services; disturbed: {what}", "{n} 個服務；受干擾：{what}"))
    what = Text(", ".join(each.en for each in disturbed), "、".join(each.zh for each in disturbed))
    return Topology(snapshot, finding or usual.format(n=services, what=what))


def _told(node: Node) -> bool:
    return bool(node.threads or node.note or node.state != "healthy")


def _said_link(link: Link) -> Text:
    with_fault = Text("{a} calls {b}: {fault}.", "{a} 調用 {b}：{fault}。")
    return (with_fault if link.fault else Text("{a} calls {b}.", "{a} 調用 {b}。")).format(
        a=link.caller, b=link.callee, fault=link.fault or "")


def _said_node(node: Node) -> Text:
    busy = "?" if node.busy is None else plain(node.busy)
    pool = Text("{busy} of {n} threads busy", "{n} 個線程中 {busy} 個忙碌").format(busy=busy, n=node.threads)
    parts = [*([pool] if node.threads else []), *([node.note] if node.note else [_STATES[node.state]])]
    said = Text(", ".join(part.en for part in parts), "，".join(part.zh for part in parts))
    return Text("{name}: {said}.", "{name}：{said}。").format(name=node.name, said=said)
