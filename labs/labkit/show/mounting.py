"""The markup of a figure on a page, which ``book/_static/figures.js`` brings to life there.

    <figure class="mbe-figure" data-figure="avalanche">
      <script type="application/json">{"language": "en", "preset": "hang", ...}</script>
      <div class="mbe-still">a picture, for readers without JavaScript and for print</div>
      <figcaption>what it shows</figcaption>
    </figure>
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from labkit.language import Language
from labkit.show.shown import tag

__all__ = ["State", "opening", "script"]


@dataclass(frozen=True)
class State:
    """What a figure starts from: the keys of its model; see ``book/figures/README.md``."""

    preset: str | None = None
    parameters: Mapping[str, Any] = field(default_factory=dict)
    seed: int = 1
    recording: Mapping[str, Any] | None = None

    def model(self, language: Language) -> dict[str, Any]:
        """The keys, with the page's language."""
        return {"language": language, "preset": self.preset, "parameters": dict(self.parameters), "seed": self.seed,
                "recording": self.recording}


def opening(name: str, state: State, still: str, language: Language) -> str:
    """The markup from the start of the figure to where its caption goes."""
    inner = script(state, language) + tag("div", still, class_="mbe-still")
    return f'<figure class="mbe-figure" data-figure="{escape(name)}">{inner}'


def script(state: State, language: Language) -> str:
    """The state as inert JSON: no text in it can end its element."""
    text = json.dumps(state.model(language), ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")
    return f'<script type="application/json">{text}</script>'
