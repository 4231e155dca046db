"""Everything that the book claims: ``{proof-summary}`` counts and ``{proofs}`` lists it.

Each claim with its verdict, the figures that its lab measured last against their bounds, the day and the machine, and
links to the sentence in its chapter and to the cell that judges it. A claim that no lab has judged is shown as not proven:
this page never says more than was measured. The filter is three radio buttons and a style sheet (``claims.css``): it
needs no server and no script.
"""

from __future__ import annotations

from collections import Counter

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.environment import BuildEnvironment
from sphinx.util.docutils import SphinxDirective

from book._ext.elements import drawing, element, tag
from book._ext.evidence import IN_CHAPTER, IN_LAB, evidence, links
from book._ext.naming import watch
from book._ext.standing import anchor, chapters, mark, said, standing
from labkit.check.claims import Chapter
from labkit.check.listing import NOT_PROVEN, Standing
from labkit.language import Text
from labkit.measure.machine import named

__all__ = ["register"]

_SUM = Text("{proven} of {all} claims are proven.", "{all} 個主張中，已證明 {proven} 個。")
_OTHERS = {"fails": Text("{n} do not hold.", "{n} 個不成立。"),
           "too busy": Text("For {n} the machine was too busy to judge.", "{n} 個因為機器太忙而無法判斷。")}
_LAST = Text("Last measured on {date}, on a machine with {machine}.", "最近一次量測：{date}，機器是 {machine}。")
_NEVER = Text("No lab has been run for this site yet.", "還沒有為本站執行過任何實驗。")
_OF_CHAPTER = Text("{proven} of {all} proven", "{all} 個中已證明 {proven} 個")
_SHOW = Text("Show", "顯示")
_FILTERS = (("all", Text("all claims", "全部主張")), ("proven", Text("proven", "已證明")), ("open", Text("not yet", "尚未證明")))


def register(app: Sphinx) -> None:
    """Make the directives known."""
    app.add_directive("proof-summary", _Summary)
    app.add_directive("proofs", _Proofs)


class _Summary(SphinxDirective):
    """How many claims there are and how they stand, in words and drawn, and of which day and machine that is."""

    def run(self) -> list[nodes.Node]:
        found = _all(self.env)
        counts = Counter(each.verdict for each in found)
        words = [_SUM.format(proven=counts["holds"], all=len(found))]
        words += [text.format(n=counts[verdict]) for verdict, text in _OTHERS.items() if counts[verdict]]
        count, *rest = [said(self.env, text) for text in words]
        return [tag("div", tag("p", tag("strong", count), *(f" {more}" for more in rest)),
                    drawing(markup=_bar(counts, len(found))), tag("p", self._last(found), class_="proof-when"),
                    class_="proof-summary")]

    def _last(self, found: list[Standing]) -> str:
        """The newest run."""
        records = [each.record for each in found if each.record]
        if not records:
            return said(self.env, _NEVER)
        newest = max(records, key=lambda record: str(record.get("at") or record["date"]))
        return said(self.env, _LAST.format(date=newest["date"], machine=named(newest["machine"])))


class _Proofs(SphinxDirective):
    """The filter, then one section a chapter, one article a claim."""

    def run(self) -> list[nodes.Node]:
        watch(self.env)
        return [self._filter(), *(self._chapter(chapter) for chapter in chapters())]

    def _filter(self) -> element:
        counts = Counter(_side(each) for each in _all(self.env))
        counts["all"] = sum(counts.values())
        choices = [tag("label", tag("input", type="radio", name="proof-filter", value=name, id=f"show-{name}",
                                    checked=name == "all", autocomplete="off"),
                       tag("span", f"{said(self.env, text)} ", tag("b", str(counts[name]))))
                   for name, text in _FILTERS]
        return tag("fieldset", tag("legend", said(self.env, _SHOW)), *choices, class_="proof-filter")

    def _chapter(self, chapter: Chapter) -> nodes.section:
        name = f"chapter-{chapter.name}"
        title = nodes.title("", said(self.env, chapter.title), translatable=False)
        section = nodes.section("", title, ids=[name], names=[name], classes=["proof-chapter"])
        found = _of(self.env, chapter)
        proven = sum(each.verdict == "holds" for each in found)
        section += tag("p", said(self.env, _OF_CHAPTER.format(proven=proven, all=len(found))), class_="proof-when")
        section += [self._claim(each) for each in found]
        return section

    def _claim(self, found: Standing) -> element:
        statement = tag("p", said(self.env, found.claim.statement), class_="proof-statement")
        places = [IN_CHAPTER, IN_LAB]
        head = tag("p", mark(self.env, found.verdict), " ", nodes.literal("", found.claim.id), class_="proof-head")
        shown = tag("article", head, statement, *evidence(self.env, found), *links(self.env, found, *places),
                    class_=f"proof proof-{_side(found)}")
        shown["ids"].append(anchor(found.claim.id))
        return shown


def _all(env: BuildEnvironment) -> list[Standing]:
    return [each for chapter in chapters() for each in _of(env, chapter)]


def _of(env: BuildEnvironment, chapter: Chapter) -> list[Standing]:
    return [found for claim in chapter.claims if (found := standing(env, claim.id))]


def _side(found: Standing) -> str:
    return "proven" if found.verdict == "holds" else "open"


def _bar(counts: Counter[str], number: int) -> str:
    """The claims as one bar: proven, failed, too busy, and the rest left open."""
    begin, parts = 0.0, []
    for verdict in ("holds", "fails", "too busy", NOT_PROVEN):
        width = 1000 * counts[verdict] / max(1, number)
        if width:
            name = verdict.replace(" ", "-")
            parts.append(f'<rect class="bar-{name}" x="{begin:.1f}" y="1" width="{width:.1f}" height="18"/>')
        begin += width
    return (f'<svg class="proof-bar" viewBox="0 0 1000 20" preserveAspectRatio="none" aria-hidden="true" focusable="false">'
            f'{"".join(parts)}</svg>')

