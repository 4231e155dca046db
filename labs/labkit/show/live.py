"""A figure of the book in a notebook: the very module of the book's pages, there and here.

What is stored is the markup that ``book/_static/figures.js`` brings to life on a page:

    <figure class="mbe-figure" data-figure="avalanche">
      <script type="application/json">{"language": "en", "preset": "hang", ...}</script>
      <div class="mbe-still">a picture, for readers without JavaScript and for print</div>
      <figcaption>what it shows</figcaption>
    </figure>

In a live notebook a widget hosts the same module.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape
from typing import Any

from labkit.language import Language, Text, reader_language
from labkit.show import module
from labkit.show.shown import Bundle, Shown, tag, written
from labkit.show.where import stage

__all__ = ["Live", "State", "opening"]


@dataclass(frozen=True)
class State:
    """What a figure starts from: the keys of its model."""

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
    model = json.dumps(state.model(language), ensure_ascii=False, separators=(",", ":"))
    inert = model.replace("<", "\\u003c")  # no text in it can end the element
    inner = f'<script type="application/json">{inert}</script>{tag("div", still, class_="mbe-still")}'
    return f'<figure class="mbe-figure" data-figure="{escape(name)}">{inner}'


class Live(Shown):
    """The figure ``name`` from ``state``; ``still`` is shown where it cannot be played with (default: its own picture)."""

    def __init__(self, name: str, state: State, caption: Text, still: Shown | None = None) -> None:
        self.name, self.state, self.caption, self.still = name, state, caption, still
        self.css = ("figure", *(still.css if still else ()))
        self.widget = self._widget() if stage() == "notebook" else None

    def body(self, language: Language) -> str:
        """The markup."""
        still = self.still.body(language) if self.still else module.still(self.name, language)
        return opening(self.name, self.state, still, language) + \
            tag("figcaption", tag("p", written(self.caption, language))) + "</figure>"

    def plain(self, language: Language) -> str:
        """The caption, and what the still picture says."""
        return "\n".join([self.caption.to(language), *([self.still.plain(language)] if self.still else [])])

    def _repr_mimebundle_(self, include: object = None, exclude: object = None) -> tuple[Bundle, dict[str, Bundle]]:
        """The live figure for a notebook and the markup for every other page, in one bundle."""
        data, metadata = super()._repr_mimebundle_(include, exclude)
        live = self.widget._repr_mimebundle_() if self.widget is not None else None
        return {**(live[0] if live else {}), **data}, metadata

    def _widget(self) -> Any:
        from labkit.show.figure_widget import figure_widget

        return figure_widget(module.bundle(self.name), self.state.model(reader_language()))
