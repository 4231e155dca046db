"""The picture of the two substrates, in the book's visual language: what runs where, who starts it, and which way a call goes.

A service is a rounded box, a system has a double edge, the users are a circle, a fault proxy is a bar across the line
that it stands in, and what is not part of the lab is drawn in the secondary colour.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from labkit.language import Language, Text

__all__ = ["CAPTIONS", "containers", "processes"]

_WIDE, _TALL = 360, 344
_LEFT, _RIGHT = 88, 270  # the middles of the two columns
_BOX, _HIGH = 120, 38
_NOTEBOOK, _SUPERVISOR, _TEMPLATE = Text("notebook", "筆記本"), Text("supervisor", "監督進程"), Text("template", "範本進程")
_ENGINE, _USERS = Text("Docker", "Docker"), Text("users", "使用者")
_MACHINE, _NETWORK = Text("this machine", "這台機器"), Text("the lab’s network", "實驗的網路")
_STARTS, _FORKS, _ENDS = Text("starts", "啟動"), Text("forks", "分叉"), Text("ends", "結束")
_PUBLISHED = "127.0.0.1"

CAPTIONS = (
    Text("Local processes. Each service is a fork of the template, a system is the program of this machine. Every call passes "
         "the fault proxy (the bars), and all of it listens on loopback.",
         "本機進程。每個服務都由範本進程分叉而來，系統則是這台機器上的程式。每個調用都經過故障代理（圖中的短棒），"
         "而且全都只在 loopback 上監聽。"),
    Text("Containers. Services and systems are on a network of the lab's own, with a fault proxy of their own. Only what the "
         "notebook needs is published, on loopback.",
         "容器。服務和系統在實驗自己的網路上，那裡有自己的故障代理。只有筆記本需要的才發布出來，而且只在 loopback 上。"))
_SAID = (
    Text("The notebook starts the supervisor, the supervisor the template and Redis, and the template forks storefront and "
         "orders. Users call storefront, storefront calls orders, orders calls Redis, each through the fault proxy.",
         "筆記本啟動監督進程，監督進程啟動範本進程和 Redis，範本進程分叉出 storefront 和 orders。使用者調用 storefront，"
         "storefront 調用 orders，orders 調用 Redis，每一段都經過故障代理。"),
    Text("The notebook has Docker start storefront, orders and Redis on the lab's own network, and the supervisor has it end "
         "them. Users call storefront through the fault proxy on this machine; the other calls pass the one on the network.",
         "筆記本讓 Docker 在實驗自己的網路上啟動 storefront、orders 和 Redis，監督進程讓它結束它們。使用者經過這台機器上的"
         "故障代理調用 storefront，其餘的調用經過網路上的那一個。"))


def processes(language: Language) -> str:
    """The process substrate as SVG; its colours are the page's."""
    return _picture(_SAID[0].to(language), [
        _frame(4, 4, _WIDE - 8, _TALL - 8, _MACHINE.to(language)), *_keepers(language, _TEMPLATE, "tool"),
        _arrow(_LEFT, 164, _LEFT, 206, _STARTS.to(language)),
        _elbow([(178, 227), (178, 145), (208, 145)]), _elbow([(148, 227), (208, 227)]), _word(178, 245, _FORKS.to(language)),
        _elbow([(28, 145), (15, 145), (15, 309), (208, 309)]), _word(_LEFT + 8, 302, _STARTS.to(language), "start"),
        *_calls(language, (126, 208, 290), (104, 186, 268))])


def containers(language: Language) -> str:
    """The Docker substrate as SVG."""
    return _picture(_SAID[1].to(language), [
        _frame(4, 4, _WIDE - 8, _TALL - 8, _MACHINE.to(language)), _frame(196, 120, 148, 208, "", "network"),
        *_keepers(language, _ENGINE, "other"),
        _arrow(_LEFT, 164, _LEFT, 206, ""), _elbow([(28, 63), (15, 63), (15, 227), (28, 227)]), _elbow([(148, 227), (194, 227)]),
        _word(171, 219, _STARTS.to(language)), _word(171, 246, _ENDS.to(language)),
        *_calls(language, (132, 194, 256), (92, 182, 244)),
        _word(_RIGHT + 18, 113, _PUBLISHED, "start"), _word(_RIGHT, 317, _NETWORK.to(language))])


def _keepers(language: Language, last: Text, kind: str) -> list[str]:
    """The notebook, the supervisor that it starts, and who starts the services for them."""
    return [_box(_LEFT, 44, _NOTEBOOK.to(language), "tool"), _box(_LEFT, 126, _SUPERVISOR.to(language), "tool"),
            _box(_LEFT, 208, last.to(language), kind), _arrow(_LEFT, 82, _LEFT, 124, _STARTS.to(language))]


def _calls(language: Language, tops: Sequence[int], bars: Sequence[int]) -> list[str]:
    """Users, two services and a system below one another, the lines between them, and a proxy in each line."""
    boxes = zip(tops, ("storefront", "orders", "Redis"), ("service", "service", "system"), strict=True)
    return [f'<path class="call" d="M{_RIGHT} 72V{tops[-1]}"/>', f'<circle class="users" cx="{_RIGHT}" cy="58" r="14"/>',
            _word(_RIGHT + 22, 63, _USERS.to(language), "start"), *(_box(_RIGHT, top, name, kind) for top, name, kind in boxes),
            *(f'<path class="proxy" d="M{_RIGHT - 15} {bar}h30"/>' for bar in bars)]


def _picture(said: str, parts: Sequence[str]) -> str:
    return (f'<svg viewBox="0 0 {_WIDE} {_TALL}" width="{_WIDE}" height="{_TALL}" role="img" aria-label="{escape(said)}">'
            f'{"".join(parts)}</svg>')


def _box(middle: int, top: int, name: str, kind: str = "service") -> str:
    inner = f'<rect class="box system" x="{middle - 56}" y="{top + 4}" width="{_BOX - 8}" height="{_HIGH - 8}" rx="5"/>'
    return (f'<rect class="box {kind}" x="{middle - 60}" y="{top}" width="{_BOX}" height="{_HIGH}" rx="8"/>'
            f'{inner if kind == "system" else ""}<text class="name" x="{middle}" y="{top + 24}">{escape(name)}</text>')


def _frame(x: int, y: int, wide: int, high: int, name: str, kind: str = "machine") -> str:
    label = f'<text class="word" x="{x + 12}" y="{y + 24}" style="text-anchor:start">{escape(name)}</text>' if name else ""
    return f'<rect class="frame {kind}" x="{x}" y="{y}" width="{wide}" height="{high}" rx="10"/>{label}'


def _arrow(x: int, y: int, to_x: int, to_y: int, word: str) -> str:
    return _elbow([(x, y), (to_x, to_y)]) + _word(x + 8, (y + to_y) // 2 + 4, word, "start")


def _elbow(points: Sequence[tuple[int, int]]) -> str:
    """A line through the points with a head at its end."""
    (_, from_y), (x, y) = points[-2:]
    head = f"M{x - 6} {y - 5}L{x} {y}L{x - 6} {y + 5}" if from_y == y else f"M{x - 5} {y - 6}L{x} {y}L{x + 5} {y - 6}"
    line = "L".join(f"{px} {py}" for px, py in points)
    return f'<path class="starts" d="M{line}{head}"/>'


def _word(x: int, y: int, text: str, anchor: str = "middle") -> str:
    return f'<text class="word" x="{x}" y="{y}" style="text-anchor:{anchor}">{escape(text)}</text>' if text else ""
