"""A chart as it is shown: the finding in a sentence, then the picture, with words for those who do not see it."""

from __future__ import annotations

from collections.abc import Callable
from html import escape

from labkit.language import LANGUAGES, Language, Text
from labkit.show.sheet import Drawing
from labkit.show.shown import Shown, tag, written

__all__ = ["Chart"]


_JOINED = Text("{finding}. {alt}", "{finding}。{alt}")


class Chart(Shown):
    """``finding`` is the title, a sentence; ``alt`` says in words what the picture shows.

    ``draw`` draws it for one language. Both are drawn at once: a run may be repeated later, the chart stays as it was.
    """

    css = ("chart",)

    def __init__(self, finding: Text, alt: Text, draw: Callable[[Language], Drawing]) -> None:
        self.finding, self.alt = finding, alt
        self.drawings = {language: draw(language) for language in LANGUAGES}

    def body(self, language: Language) -> str:
        """The picture below what it shows."""
        return tag("figure", tag("figcaption", written(self.finding, language)) + self.svg(language),
                   class_="mbe-chart")

    def svg(self, language: Language) -> str:
        """The picture alone."""
        drawing, finding = self.drawings[language], self.finding.to(language)
        return tag("svg", tag("title", escape(finding)) + drawing.inner,
                   viewBox=f"0 0 {drawing.width:g} {drawing.height:.0f}", role="img",
                   aria_label=_JOINED.format(finding=self.finding, alt=self.alt).to(language))

    def plain(self, language: Language) -> str:
        """What it shows, and what there is to see."""
        return f"{self.finding.to(language)}\n{self.alt.to(language)}"
