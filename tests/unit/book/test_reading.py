"""How Markdown reads a translation."""

from __future__ import annotations

import pytest

from book.tools.reading import misread


@pytest.mark.parametrize("msgstr", [
    "**預測**。現在每筆訂單都占著一個線程。",
    "1\\. 庫存卡住了",
    "故障前 {measured}`avalanche.vertical:before` 的首頁得到回應。",
    "容量是 $c * h * n$，**不是**別的。",
    "{claim}`avalanche.vertical`",
])
def test_a_translation_that_comes_out_as_written_is_fine(msgstr: str) -> None:
    assert misread(msgstr) == ""


def test_bold_that_ends_in_punctuation_before_a_letter_is_not_bold() -> None:
    assert "not read as bold" in misread("**預測。**現在每筆訂單都占著一個線程。")


@pytest.mark.parametrize("msgstr", ["1. 庫存卡住了", "- 庫存", "# 庫存", "> 庫存"])
def test_a_heading_that_begins_with_a_number_would_become_a_list(msgstr: str) -> None:
    assert "begins like a list" in misread(msgstr)
