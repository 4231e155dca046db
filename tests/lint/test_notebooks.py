"""The numbers of a lab: short cells, few words, no plumbing, and nothing stored that would change with each run."""

from __future__ import annotations

import itertools
import math
import re
import statistics

import nbformat
import pytest

from tests.lint.notebook import LABS, Cell, Lab
from tests.lint.repository import relative

CHECKED = "nbval-check-output"
PLUMBING = {  # what belongs in labkit, and how it is recognised
    "plotting": r"\bplt\.|\bmatplotlib\b|\bsavefig\b",
    "sleeping": r"\bsleep\(",
    "building addresses": r"https?://|127\.0\.0\.1|\blocalhost\b",
    "installing packages": r"^\s*[!%]",
    "starting programs": r"\bsubprocess\b|\bos\.(system|popen|kill)\b|\bmultiprocessing\b",
    "making requests by hand": r"\b(requests|httpx|urllib|aiohttp)\b",
}

labs = pytest.mark.parametrize("lab", [Lab(path) for path in LABS], ids=lambda lab: lab.path.stem)


def test_there_are_labs_to_hold_to_the_rules() -> None:
    assert len(LABS) >= 2


@labs
def test_a_lab_has_twenty_to_thirty_short_code_cells(lab: Lab) -> None:
    sizes = sorted(len(cell.lines) for cell in lab.code)
    assert 20 <= len(sizes) <= 30
    assert statistics.median(sizes) <= 4
    assert sizes[math.ceil(0.9 * len(sizes)) - 1] <= 10, "90th percentile"
    assert sizes[-1] <= 15
    assert sum(sizes) <= 100


@labs
def test_at_most_two_code_cells_stand_in_a_row(lab: Lab) -> None:
    rows = [list(row) for is_code, row in itertools.groupby(lab.cells, lambda cell: cell.is_code) if is_code]
    assert [row[0].index for row in rows if len(row) > 2] == []


@labs
def test_a_lab_is_read_in_a_sitting(lab: Lab) -> None:
    assert 1200 <= sum(cell.words for cell in lab.prose) <= 2000


@labs
def test_the_first_code_comes_within_150_words(lab: Lab) -> None:
    before = itertools.takewhile(lambda cell: not cell.is_code, lab.cells)
    assert sum(cell.words for cell in before) <= 150


@labs
@pytest.mark.parametrize("kind", PLUMBING)
def test_no_cell_holds_plumbing(lab: Lab, kind: str) -> None:
    found = [cell.index for cell in lab.code if re.search(PLUMBING[kind], cell.source, re.MULTILINE)]
    assert found == [], f"{kind} belongs in labkit; cells (counted from 1)"


@labs
def test_outputs_are_stripped_and_only_checked_ones_are_stored(lab: Lab) -> None:
    checked = {cell.index: cell for cell in lab.code if CHECKED in cell.tags}
    stored = [cell.index for cell in lab.code if cell.raw["outputs"]]
    assert stored == list(checked), "stored outputs, and the cells tagged nbval-check-output"
    assert [cell.index for cell in lab.code if cell.raw["execution_count"] is not None] == []


@labs
def test_a_stored_output_is_plain_text_that_cannot_change(lab: Lab) -> None:
    assert [cell.index for cell in lab.code for output in cell.raw["outputs"] if not _is_text(output)] == []


@labs
def test_every_cell_keeps_a_name_of_its_own(lab: Lab) -> None:
    names = [cell.raw.get("id") for cell in lab.cells]
    assert None not in names
    assert len(set(names)) == len(names)


@labs
def test_nothing_of_one_run_is_left_in_the_metadata(lab: Lab) -> None:
    assert set(lab.raw["metadata"]) <= {"kernelspec", "language_info", "mystnb"}
    assert lab.raw["metadata"]["kernelspec"]["name"] == "python3"
    assert [cell.index for cell in lab.cells if set(cell.raw["metadata"]) - {"tags", "mystnb", "jupyter"}] == []


@labs
def test_a_lab_is_a_valid_notebook_written_as_jupyter_writes_it(lab: Lab) -> None:
    text = lab.path.read_text("utf-8")
    notebook = nbformat.reads(text, as_version=4)
    nbformat.validate(notebook)
    assert text == nbformat.writes(notebook) + "\n", f"open {relative(lab.path)} in JupyterLab and save it"


def _is_text(output: dict[str, object]) -> bool:
    kinds = output.get("data", {"text/plain": ""})
    return output["output_type"] in ("stream", "execute_result") and isinstance(kinds, dict) and \
        set(kinds) == {"text/plain"}


def test_words_are_counted_as_a_reader_counts_them() -> None:
    text = "Some **two** [words](http://a.b/c?d=e), {claim}`f.g` <b>x</b>\n```python\nnot = these\n```\n"
    assert Cell(1, {"cell_type": "markdown", "source": [text]}).words == 5
