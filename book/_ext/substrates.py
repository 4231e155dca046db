"""Where labs run: ``{substrate-picture}`` draws both substrates, ``{fault-table}`` says which fault each of them can do.

The table is made of labkit itself, of every fault and of what each substrate says that it can do, so it cannot be out of
date: a fault without a sentence here fails the build.
"""

from __future__ import annotations

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from book._ext.elements import drawing, tag
from book._ext.standing import said
from book._ext.substrate_picture import CAPTIONS, containers, processes
from book._ext.tables import Row, table, text_cell
from book.tools.editions import edition_of
from labkit.faults.catalogue import FAULTS
from labkit.faults.fault import Fault
from labkit.language import Text
from labkit.substrates.docker import DockerSubstrate
from labkit.substrates.process import ProcessSubstrate

__all__ = ["register", "rows"]

_WHAT = {
    "latency": Text("each answer arrives later", "每個回應都晚到"),
    "bandwidth": Text("answers pass at so many bytes a second", "回應每秒只通過若干位元組"),
    "error": Text("a share of the requests gets an HTTP error", "一部分請求得到 HTTP 錯誤"),
    "cut": Text("nothing passes, and nobody is told", "什麼都過不去，也沒有人知道"),
    "reset": Text("connections break off with a TCP reset", "連線以 TCP 重設中斷"),
    "pause": Text("the process stands still", "進程停住不動"),
    "kill": Text("the process is gone at once", "進程立刻消失"),
    "throttle": Text("the container gets only so much processor time", "容器只分到一部分處理器時間"),
    "disconnect": Text("the container is taken off its network", "容器從它的網路上斷開"),
}
_ON = {"proxy": Text("link, instance, service", "連線、實例、服務")}
_ON_INSTANCE = Text("instance, service", "實例、服務")
_DOES, _REFUSED = Text("yes", "可以"), Text("refused", "拒絕")
_HEAD = (Text("Fault", "故障"), Text("What it does", "作用"), Text("On", "施加於"), Text("Local processes", "本機進程"),
         Text("Containers", "容器"))
_SUBSTRATES = (ProcessSubstrate, DockerSubstrate)


def register(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("substrate-picture", _Picture)
    app.add_directive("fault-table", _Faults)


def rows() -> list[tuple[Text, ...]]:
    """For each fault its name, what it does, what it is put on, and whether each substrate does it."""
    return [_row(kind) for kind in FAULTS.values() if kind.name != "noop"]


def _row(kind: type[Fault]) -> tuple[Text, ...]:
    able = (_DOES if kind.needs in substrate.capabilities else _REFUSED for substrate in _SUBSTRATES)
    return Text(kind.name, kind.name), _WHAT[kind.name], _ON.get(kind.needs, _ON_INSTANCE), *able


class _Picture(SphinxDirective):
    """Both substrates, side by side where there is room, each with its caption."""

    def run(self) -> list[nodes.Node]:
        language = edition_of(self.env.config.language).code
        drawn = (processes(language), containers(language))
        return [tag("div", *[tag("figure", drawing(markup=markup), tag("figcaption", said(self.env, caption)), class_="substrate")
                             for markup, caption in zip(drawn, CAPTIONS, strict=True)], class_="substrates")]


class _Faults(SphinxDirective):
    """The table, in the language of the page."""

    def run(self) -> list[nodes.Node]:
        made: list[Row] = []
        for name, *others in rows():
            made.append(([], [[nodes.paragraph("", "", nodes.literal("", name.en))],
                              *(text_cell(said(self.env, text)) for text in others)]))
        return [table([said(self.env, text) for text in _HEAD], made, (12, 36, 24, 14, 14))]
