"""How far a load is, while it runs; when it has ended, one plain sentence in the same place."""

from __future__ import annotations

import sys
from types import TracebackType
from typing import Any, Self

from labkit.language import Language, Text
from labkit.measure.figure import plain
from labkit.show.note import Note
from labkit.show.shown import Shown, tag, written
from labkit.show.where import stage

__all__ = ["Progress"]

_RUNNING = Text("Load for {seconds} s: {left} s left, {sent} sent, {answered} answered",
                "負載 {seconds} 秒：還有 {left} 秒，送出 {sent} 個，回應 {answered} 個")
_ENDED = Text("{sent} requests sent in {seconds} s, {answered} answered in time.",
              "{seconds} 秒內送出 {sent} 個請求，{answered} 個及時得到回應。")
_STOPPED = Text("Stopped after {sent} of the requests, {answered} answered.",
                "中途停止：已送出 {sent} 個請求，{answered} 個得到回應。")


class Bar(Shown):
    """A bar and a line of figures. The browser draws the bar, and tells a screen reader how far it is."""

    css = ("progress",)

    def __init__(self, share: float, said: Text) -> None:
        self.share, self.said = share, said

    def body(self, language: Language) -> str:
        """The browser's own element for it."""
        bar = tag("progress", "", max=1, value=f"{self.share:.3f}", aria_label=self.said.to(language))
        return bar + tag("p", written(self.said, language))

    def plain(self, language: Language) -> str:
        """The words beside the bar."""
        return self.said.to(language)


class Progress:
    """Call it with the share that is over, the requests sent and those answered; leave it and a sentence remains.

        with Progress(seconds=8) as progress:
            engine.run(progress)

    In a notebook the output is replaced in place (no widget: nothing of it is left in a stored notebook), in a
    terminal a line is written over; where nobody watches there is only the sentence.
    """

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        self.sent = self.answered = 0
        self._began = False
        self._ended: Text | None = None
        self._stage = stage()
        self._handle: Any = None

    def __call__(self, share: float, sent: int, answered: int) -> None:
        """Show how far it is."""
        self.sent, self.answered, self._began = sent, answered, True
        left = max(0.0, self.seconds * (1 - share))
        said = _RUNNING.format(seconds=plain(self.seconds), left=f"{left:.0f}", sent=plain(sent),
                               answered=plain(answered))
        if self._stage == "notebook":
            self._replace(Bar(min(1.0, share), said))
        elif self._stage == "terminal":
            sys.stderr.write(f"\r\x1b[K{said}")
            sys.stderr.flush()

    def ended(self, sentence: Text) -> None:
        """What to say at the end instead of the usual sentence."""
        self._ended = sentence

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        if kind is not None and not self._began:  # what was wrong is said by the error
            return
        usual = _ENDED if kind is None else _STOPPED
        sentence = self._ended if self._ended and kind is None else usual.format(
            seconds=plain(self.seconds), sent=plain(self.sent), answered=plain(self.answered))
        if self._stage == "terminal":
            sys.stderr.write("\r\x1b[K")
            sys.stderr.flush()
            print(sentence)
        else:
            self._replace(Note(sentence))

    def _replace(self, shown: Shown) -> None:
        if self._handle is None:
            from IPython.display import display

            self._handle = display(shown, display_id=True)
        else:
            self._handle.update(shown)
