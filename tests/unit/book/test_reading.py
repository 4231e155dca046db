"""How Markdown reads a translation."""

from __future__ import annotations

import pytest

from book.tools.reading import misread


@pytest.mark.parametrize(("msgid", "msgstr"), [
    ("**Predict.** Now each order holds a thread.", "**預測**。現在每筆訂單都占著一個線程。"),
    ("*It hurts.* Mend it.", "*會痛*。補救它。"),
    ("1\\. Stock hangs", "1\\. 庫存卡住了"),
    ("{measured}`avalanche.vertical:before` were answered.", "故障前 {measured}`avalanche.vertical:before` 的首頁得到回應。"),
    ("It is $c * h * n$, and **nothing** else.", "容量是 $c * h * n$，**不是**別的。"),
    ("{claim}`avalanche.vertical`", "{claim}`avalanche.vertical`"),
    ("2 * 3", "2 * 3"),
])
def test_a_translation_that_comes_out_as_written_is_fine(msgid: str, msgstr: str) -> None:
    assert misread(msgid, msgstr) == ""


@pytest.mark.parametrize(("msgid", "msgstr", "wrong"), [
    ("**Predict.** Now", "**預測。**現在每筆訂單都占著一個線程。", "not read as bold"),
    ("*It hurts.* Mend it.", "*會痛。*補救它。", "not read as emphasis"),
    ("Stock waits.", "庫存`在等。", "a ` in it has no partner"),
    ("It is *slow*.", "它很慢。", "emphasis mismatch (English has 1 emphasised, Chinese none)"),
    ("It is *slow*.", "它**很慢**。", "emphasis mismatch (English has 1 emphasised, Chinese 1 bold)"),
])
def test_emphasis_that_is_lost_or_left_open_is_named(msgid: str, msgstr: str, wrong: str) -> None:
    assert wrong in misread(msgid, msgstr)


@pytest.mark.parametrize("msgstr", ["1. 庫存卡住了", "- 庫存", "# 庫存", "> 庫存"])
def test_a_heading_that_begins_with_a_number_would_become_a_list(msgstr: str) -> None:
    assert "begins like a list" in misread("Stock hangs", msgstr)
