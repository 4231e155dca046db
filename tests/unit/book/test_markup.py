"""What a translation must keep."""

from __future__ import annotations

import pytest

from book.tools.markup import markup, wordless


@pytest.mark.parametrize(("message", "kept"), [
    ("{measured}`avalanche.vertical:before` of them", ["{measured}`avalanche.vertical:before`"]),
    ("set `threads` to 8", ["`threads`"]),
    ("a pool of $c$ threads", ["$c$"]),
    ("read [the chapter](../avalanche.md)", ["](../avalanche.md)"]),
    ("![three boxes](boxes.svg)", ["](boxes.svg)"]),
    ("see <https://example.org/a>", ["<https://example.org/a>"]),
    ("{{ rate }} a second", ["{{ rate }}"]),
    ("plain words (in brackets) cost 3 $ or 4", []),
])
def test_roles_code_formulas_links_and_placeholders_are_kept(message: str, kept: list[str]) -> None:
    assert sorted(markup(message).elements()) == kept


def test_a_reference_is_known_by_its_target_and_not_by_its_text() -> None:
    assert markup("{doc}`the proofs <proofs>`") == markup("{doc}`證明 <proofs>`")


def test_a_glossary_term_is_itself_translated() -> None:
    assert markup("an {term}`avalanche`") == markup("{term}`雪崩效應`")


@pytest.mark.parametrize("message", ["48", "≥ 0.8", "`orders`", "$c / h$", "—", "`GET /` 200", "<https://example.org>"])
def test_figures_and_code_alone_have_nothing_to_translate(message: str) -> None:
    assert wordless(message)


@pytest.mark.parametrize("message", ["orders", "48 threads", "`orders` and stock", "首頁", "{term}`time-out`"])
def test_anything_with_a_word_has(message: str) -> None:
    assert not wordless(message)
