"""A lab and its run."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from book.tools.runs import code_digest, shown

LAB: dict[str, Any] = {"cells": [
    {"cell_type": "markdown", "id": "m", "metadata": {}, "source": ["# Title"]},
    {"cell_type": "code", "id": "c", "metadata": {}, "execution_count": None, "outputs": [], "source": ["lab.start()"]}],
    "metadata": {}}
BOTH = {"output_type": "display_data", "data": {"text/plain": "Four services"},
        "metadata": {"en": {"text/plain": "four services"}, "zh-Hant": {"text/plain": "四個服務"}, "width": 3}}


def run_with(*outputs: dict[str, Any]) -> dict[str, Any]:
    run = copy.deepcopy(LAB)
    run["cells"][1]["outputs"] = list(outputs)
    run["metadata"]["book"] = {"code": code_digest(LAB), "kit": "any"}
    return run


def outputs(lab: dict[str, Any], run: dict[str, Any] | None, language: str) -> list[dict[str, Any]]:
    return list(shown(lab, run, language)["cells"][1]["outputs"])


@pytest.mark.parametrize(("language", "text"), [("en", "four services"), ("zh-Hant", "四個服務")])
def test_an_output_is_shown_in_the_pages_language(language: str, text: str) -> None:
    output, = outputs(LAB, run_with(BOTH), language)
    assert output["data"] == {"text/plain": text}
    assert output["metadata"] == {"width": 3}


def test_an_output_with_one_language_is_shown_as_it_is() -> None:
    plain = {"output_type": "stream", "name": "stdout", "text": "2\n"}
    assert outputs(LAB, run_with(plain), "zh-Hant") == [plain]


def test_a_widget_is_shown_by_its_picture_or_not_at_all() -> None:
    view = {"application/vnd.jupyter.widget-view+json": {}, "text/plain": "IntSlider(value=0)"}
    bare, still = ({"output_type": "display_data", "metadata": {}, "data": data} for data in (view, view | {"text/html": "<p>"}))
    only, = outputs(LAB, run_with(bare, still), "en")
    assert only["data"] == {"text/plain": "IntSlider(value=0)", "text/html": "<p>"}


def test_the_text_is_the_labs_own_and_not_that_of_the_run() -> None:
    edited = copy.deepcopy(LAB)
    edited["cells"][0]["source"] = ["# A better title"]
    page = shown(edited, run_with(BOTH), "en")
    assert page["cells"][0]["source"] == ["# A better title"]
    assert page["cells"][1]["outputs"]


@pytest.mark.parametrize("change", [{"source": ["lab.close()"]}, {"metadata": {"tags": ["raises-exception"]}}, {"id": "d"}])
def test_a_run_of_other_code_is_not_shown(change: dict[str, Any]) -> None:
    edited = copy.deepcopy(LAB)
    edited["cells"][1] |= change
    assert outputs(edited, run_with(BOTH), "en") == []


def test_without_a_run_the_page_has_no_outputs() -> None:
    assert outputs(LAB, None, "en") == []
