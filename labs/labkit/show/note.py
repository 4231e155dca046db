"""A plain sentence, as an output: what started, on what, what was done. And how a sentence gets to the reader."""

from __future__ import annotations

from labkit.language import Language, Text
from labkit.show.shown import Shown, tag, written
from labkit.show.where import stage

__all__ = ["Note", "note", "put"]


class Note(Shown):
    """One sentence, or a few."""

    css = ("note",)

    def __init__(self, *sentences: Text) -> None:
        self.sentences = sentences

    def body(self, language: Language) -> str:
        """A paragraph for each."""
        said = "".join(tag("p", written(sentence, language)) for sentence in self.sentences)
        return tag("div", said, class_="mbe-note")

    def plain(self, language: Language) -> str:
        """A line for each."""
        return "\n".join(sentence.to(language) for sentence in self.sentences)


def note(*sentences: Text) -> Note:
    """Show the sentences when the cell's value is shown."""
    return Note(*sentences)


def put(shown: Shown) -> None:
    """Show it now: in a notebook as an output of its own, elsewhere as text."""
    if stage() == "terminal":
        print(shown)
        return
    from IPython.display import display

    display(shown)
