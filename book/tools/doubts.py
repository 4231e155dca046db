"""What the site's pages cannot prove, and why: said once before the pages are built, each in a sentence with its remedy.

The pages themselves then say "not proven yet" where they lean on any of it.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from book.tools.runs import RunError, read_run
from book.tools.tree import Tree
from labkit.check.listing import Standing, standings

__all__ = ["doubts"]


def doubts(tree: Tree) -> list[str]:
    """A sentence for each record and each run that is there and cannot be believed. labkit must look into ``tree``."""
    found = standings()
    return [*_broken_runs(tree), *(_unbelieved(tree, each) for each in found if each.note and not each.record), *_stale(found)]


def _broken_runs(tree: Tree) -> Iterator[str]:
    for lab in tree.labs():
        try:
            read_run(tree.executed / lab.name)
        except RunError as error:
            yield str(error)


def _unbelieved(tree: Tree, claim: Standing) -> str:
    """The record's own sentence, or that its lab is gone."""
    if claim.lab and claim.note:
        return claim.note.en
    return f"{tree.records / claim.claim.id}.json: no lab judges this claim any more. Judge it in a lab, or delete the record."


def _stale(found: list[Standing]) -> Iterator[str]:
    """One sentence a lab: all its claims were measured by the code that it had."""
    stale = sorted((each for each in found if each.stale), key=lambda each: str(each.lab))
    for lab, claims in groupby(stale, key=lambda each: each.lab):
        names = ", ".join(each.claim.id for each in claims)
        yield (f"labs/{lab}.ipynb has changed since it was measured, so its pages show these claims as not proven: {names}. "
               "./run site runs it again.")
