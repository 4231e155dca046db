"""Lighthouse: at least 95 in all four categories, and 100 for accessibility, on each kind of page in both languages."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.support.lighthouse import CATEGORIES, Lighthouse, started
from tests.support.pages import EDITIONS

pytestmark = [pytest.mark.needs("chromium", "chinese font", "node"), pytest.mark.alone, pytest.mark.timeout(600)]

WANTED = {**dict.fromkeys(CATEGORIES, 95), "accessibility": 100}


@pytest.fixture(scope="module")
def lighthouse() -> Iterator[Lighthouse]:
    with started() as one:
        yield one


@pytest.mark.parametrize("form", ["mobile", "desktop"])
@pytest.mark.parametrize("edition", EDITIONS)
@pytest.mark.parametrize("page", ["book/index", "book/avalanche", "labs/avalanche_1_collapse", "book/proofs"])
def test_a_page_scores_95_in_each_category_and_100_for_accessibility(
        lighthouse: Lighthouse, host: str, page: str, edition: str, form: str) -> None:
    scores = lighthouse.best_scores(f"{host}/{edition}/{page}.html", form, WANTED)
    assert scores.short_of(WANTED) == {}, scores.lost
