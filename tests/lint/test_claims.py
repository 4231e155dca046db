"""Every claim that is made is known, and every claim that a chapter makes is proven in a lab."""

from __future__ import annotations

import difflib
import re

import yaml

from tests.lint.notebook import LABS, Lab
from tests.lint.repository import ROOT, files, relative

_IN_PROSE = re.compile(r"\{(?:claim|measured)\}`([\w.-]+)")
_IN_CODE = re.compile(r"""\.claim\(\s*["']([\w.-]+)["']""")


def _known() -> list[str]:
    chapters = yaml.safe_load((ROOT / "book" / "claims.yml").read_text("utf-8"))
    return [f"{chapter}.{claim}" for chapter, about in chapters.items() for claim in about.get("claims", {})]


def _named_in_prose() -> dict[str, list[str]]:
    """Each chapter with the claims that it names, those of its labs' text included."""
    named = {relative(path): _IN_PROSE.findall(path.read_text("utf-8")) for path in files(".md")
             if relative(path).startswith("book/")}
    labs = {relative(path): [claim for cell in Lab(path).prose for claim in _IN_PROSE.findall(cell.source)]
            for path in LABS}
    return {page: claims for page, claims in {**named, **labs}.items() if claims}


def _judged() -> dict[str, list[str]]:
    return {relative(path): [claim for cell in Lab(path).code for claim in _IN_CODE.findall(cell.source)]
            for path in LABS}


def test_the_prose_names_claims_that_exist() -> None:
    assert _named_in_prose(), "no chapter names any claim: is the role still called {claim}?"
    assert _unknown(_named_in_prose()) == []


def test_the_labs_judge_claims_that_exist() -> None:
    assert sum(map(len, _judged().values())) >= 10
    assert _unknown(_judged()) == []


def test_every_claim_that_the_prose_names_is_proven_in_a_lab() -> None:
    proven = {claim for claims in _judged().values() for claim in claims}
    unproven = [f"{page}: {claim}" for page, claims in _named_in_prose().items()
                for claim in sorted(set(claims) - proven)]
    assert unproven == [], "no lab has a lab.claim() of these"


def _unknown(named: dict[str, list[str]]) -> list[str]:
    known = _known()
    return [f"{page}: {claim}, perhaps {difflib.get_close_matches(claim, known, 1, 0)[0]}"
            for page, claims in named.items() for claim in sorted(set(claims)) if claim not in known]
