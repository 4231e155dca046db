"""The report in a notebook: the outcome, what is here, and each gap with its command to copy."""

from __future__ import annotations

from html import escape

from labkit.doctor.finding import Examination, Finding, SystemFinding
from labkit.doctor.terminal import report
from labkit.doctor.words import SIGNS, outcome
from labkit.language import Language, Text
from labkit.show.shown import Shown, tag, written
from labkit.show.signs import sign

__all__ = ["ExaminationCard"]

_PARTS = Text("what labs need", "實驗所需"), Text("on this machine", "這台機器")
_SYSTEMS = Text("system", "系統"), Text("as a process", "本機進程"), Text("as a container", "容器")
_WORDS = {"here": Text("here", "具備"), "lacking": Text("labs run without it", "沒有也能執行實驗"),
          "missing": Text("labs need it", "實驗需要")}


class ExaminationCard(Shown):
    """A sign for each thing, and then a colour; under what is not here the command that brings it."""

    css = ("table", "card", "doctor")

    def __init__(self, found: Examination) -> None:
        self.found = found
        self.role = "failed" if found.missing else "mended"

    def body(self, language: Language) -> str:
        """The HTML."""
        said = outcome(self.found).to(language)
        parts = [tag("p", sign(self.role) + written(said, language), class_="mbe-outcome"),
                 _table(_PARTS, [_part(part, language) for part in self.found.parts], language),
                 _table(_SYSTEMS, [_system(one, language) for one in self.found.systems], language)]
        return tag("section", "".join(parts), class_=f"mbe-card mbe-card-{self.role} mbe-doctor", aria_label=said)

    def plain(self, language: Language) -> str:
        """As in a terminal."""
        return report(self.found, language)


def _table(columns: tuple[Text, ...], rows: list[list[str]], language: Language) -> str:
    head = "".join(tag("th", written(name, language), scope="col") for name in columns)
    body = "".join(tag("tr", tag("th", first, scope="row") + "".join(tag("td", cell) for cell in others))
                   for first, *others in rows)
    whole = tag("table", tag("thead", tag("tr", head)) + tag("tbody", body), class_="mbe-table")
    return tag("div", whole, class_="mbe-scroll", tabindex=0, role="group", aria_label=columns[0].to(language))


def _part(part: Finding, language: Language) -> list[str]:
    return [written(part.name, language), _cell(part, language)]


def _system(system: SystemFinding, language: Language) -> list[str]:
    return [written(system.name, language), _cell(system.process, language), _cell(system.docker, language)]


def _cell(one: Finding, language: Language) -> str:
    """The sign's meaning is in its title, for whoever asks what a circle is."""
    means = _WORDS[one.state].to(language)
    shown = tag("span", sign(SIGNS[one.state]), class_=f"mbe-{one.state}", role="img", title=means, aria_label=means)
    said = written(one.said, language) + (tag("code", escape(one.command)) if one.command else "")
    return tag("div", shown + tag("div", said), class_="mbe-found")
