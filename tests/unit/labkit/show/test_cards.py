"""The verdict of a claim and the report of an exercise."""

from __future__ import annotations

import re

import pytest

from labkit.language import Text
from labkit.show.report import report_card
from labkit.show.verdict import verdict_card
from tests.unit.labkit.show.gallery import report, row, verdict


@pytest.mark.parametrize(("outcome", "word", "sign", "role"), [
    ("holds", "Holds", "✓", "mended"), ("fails", "Fails", "✕", "failed"),
    ("too busy", "Too busy to judge", "⧖", "waiting")])
def test_an_outcome_is_a_sign_a_word_and_then_a_colour(outcome: str, word: str, sign: str, role: str) -> None:
    card = verdict_card(verdict(outcome))
    page = card.body("en")
    assert re.search(rf'mbe-card-{role}.*<svg class="mbe-sign".*</svg>{word}</p>', page)
    assert card.plain("en").startswith(f"{sign} {word}: A calls B")


def test_signs_differ_in_shape() -> None:
    pages = [verdict_card(verdict(outcome)).body("en") for outcome in ("holds", "fails", "too busy")]
    assert len({re.findall('<path d="(.+?)"', page)[0] for page in pages}) == 3


def test_each_condition_says_what_was_measured_what_it_must_be_and_whether_it_is() -> None:
    text = verdict_card(verdict("fails", rows=(row(), row(shown=Text("80 %", "80 %"), ok=False)))).plain("en")
    assert re.search(r"home answered +12 % +≤ 20 % +✓", text)
    assert re.search(r"home answered +80 % +≤ 20 % +✕", text)


def test_a_plain_yes_or_no_must_be_yes() -> None:
    plain = row(relation="", limit_shown=Text("", ""), shown=Text("no", "否"), ok=False)
    assert re.search(r"home answered +no +yes +✕", verdict_card(verdict("fails", rows=(plain,))).plain("en"))


def test_it_says_when_and_where_and_how_often_it_was_measured_and_why_it_could_not_be_judged() -> None:
    busy = verdict("too busy", reason=Text("the pings were slow", "ping 太慢"), tries=2)
    text = verdict_card(busy).plain("en")
    assert "the pings were slow" in text
    assert text.splitlines()[-1] == f"avalanche.vertical · 2025-11-23 · {busy.machine} · measured 2 times"
    assert "測了 2 次" in verdict_card(busy).plain("zh-Hant")


def test_what_labkit_check_judges_can_be_shown() -> None:
    from labkit.check.conditions import look
    from labkit.check.verdict import OUTCOMES
    from labkit.measure.quantity import Quantity

    seen = look([Quantity(0.12, Text("home answered", "首頁得到回應"), "share") <= 0.2], {}, None, None)
    for outcome in set(OUTCOMES) - {"not proven"}:
        assert "≤ 20 %" in verdict_card(verdict(outcome, rows=seen.rows)).plain("en")


def test_a_report_says_what_broke_by_the_smallest_example_and_folds_the_hint() -> None:
    page = report_card(report()).body("en")
    assert "It admitted 6 of 6" in page
    assert re.search(r"<pre[^>]*>bucket\.take\(now=0\.0\)", page)
    assert re.search(r"<details><summary>Hint</summary><p>When are tokens added\?</p></details>", page)


def test_a_report_that_passed_says_how_often_it_was_tried_and_gives_no_hint() -> None:
    page = report_card(report(True)).body("en")
    assert "It withstood 200 attempts" in page
    assert "<details" not in page
