"""Where each claim stands, for the pages that show it: labkit's own list, with this book's words for it."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from pathlib import Path

from docutils import nodes
from sphinx.environment import BuildEnvironment

from book._ext import fresh
from book.tools.editions import edition_of
from labkit.check import listing, records
from labkit.check.claims import Chapter, claims_file, load
from labkit.check.listing import Standing, standings
from labkit.check.verdict import OUTCOMES
from labkit.language import Text

__all__ = ["NOT_PROVEN", "address", "anchor", "chapters", "lab_page", "mark", "said", "standing", "standing_of_all"]

NOT_PROVEN = Text("not proven yet", "尚未證明")


@cache
def chapters() -> tuple[Chapter, ...]:
    """Every chapter with its claims, in the order of the file; read once a build."""
    return load(claims_file())


@cache
def standing_of_all() -> dict[str, Standing]:
    """Claim id -> its lab, its last verdict and its record; read once a build."""
    return {standing.claim.id: _of_today(standing) for standing in standings()}


def _of_today(found: Standing) -> Standing:
    """What another code measured proves nothing of today's: a page never says more than was measured."""
    return replace(found, verdict=listing.NOT_PROVEN, record=None) if found.stale else found


def standing(env: BuildEnvironment, claim: str) -> Standing | None:
    """Where ``claim`` stands, or None when there is no such claim; the page is built again when that changes."""
    found = standing_of_all().get(claim)
    fresh.note(env, claims_file())
    if found:
        fresh.note(env, records.folder() / f"{claim}.json")
    if found and found.lab:
        fresh.note_code(env, records.notebooks() / f"{found.lab}.ipynb")
    return found


def said(env: BuildEnvironment, text: Text) -> str:
    """``text`` in the language of the edition being built, with the apostrophes of a printed page."""
    return text.to(edition_of(env.config.language).code).replace("'", "’")


def mark(env: BuildEnvironment, verdict: str) -> nodes.inline:
    """The verdict as it is marked wherever it stands."""
    text = NOT_PROVEN if verdict == listing.NOT_PROVEN else OUTCOMES[verdict]
    return nodes.inline("", said(env, text), classes=["verdict", verdict.replace(" ", "-")])


def anchor(claim: str) -> str:
    """The address of a claim on the page of proofs, and of the cell that judges it on its lab's page."""
    return "claim-" + claim.replace(".", "-")


def address(env: BuildEnvironment, page: str, claim: str = "") -> str:
    """``page`` as a link from the page being read, at ``claim`` if one is given."""
    target = str(env.app.builder.get_relative_uri(env.docname, page))
    return f"{target}#{anchor(claim)}" if claim else target


def lab_page(found: Standing) -> str:
    """The page of the lab that judges the claim."""
    return f"labs/{Path(found.lab or '').name}"
