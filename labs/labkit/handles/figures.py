"""The book's figures in a notebook: to play with, or to replay a run that was measured."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from labkit.check.names import unknown
from labkit.language import Text
from labkit.measure.figure import figure
from labkit.measure.machine import named
from labkit.measure.run import Run
from labkit.show import module
from labkit.show.live import Live, State
from labkit.show.moment import fullest, moment
from labkit.show.topology import topology

__all__ = ["play", "replay"]

_FIGURE, _PRESET = Text("figure", "互動圖"), Text("preset", "預設情境")
_PLAY = Text("A figure to play with: move a slider and see what follows.", "可以操作的圖：拉動滑桿，看看會怎樣。")
_REPLAYED = Text("This run once more, moment by moment: play it, or move along its timeline. Measured on {date}, {machine}.",
                 "同一次執行，一刻一刻重看：可以播放，也可以沿時間軸移動。測量日期 {date}，{machine}。")
_STILL = Text("This run at {at}", "這次執行在 {at}時")


def play(name: str, preset: str | None, parameters: Mapping[str, Any], seed: int) -> Live:
    """The figure ``name``; ``LookupError`` with the nearest name when there is no such figure or preset."""
    _require(_FIGURE, name, module.names())
    if preset is not None:
        _require(_PRESET, preset, module.presets(name))
    return Live(name, State(preset, parameters, seed), _PLAY)


def replay(run: Run, title: Text | None) -> Live:
    """The run, moment by moment; its still picture is the moment of the fullest pools. ``ValueError`` when it is too long."""
    recorded = json.loads(run.to_json(title))
    second = round(fullest(run.recording), 1)
    still = topology(moment(run.recording, second), finding=_STILL.format(at=figure(second, "s")))
    caption = _REPLAYED.format(date=recorded["date"], machine=named(recorded["machine"]))
    return Live("replay", State(recording=recorded), caption, still)


def _require(kind: Text, name: str, known: Iterable[str]) -> None:
    if name not in known:
        raise unknown(kind, name, known)
