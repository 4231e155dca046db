"""When a lab is run again for the site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.tools.execute import needs_run
from book.tools.runs import code_digest, kit_digest
from book.tools.tree import Tree
from labkit.check import records


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    made = Tree(tmp_path)
    for file in ("labs/labkit/lab.py", "mini_services/shop/stock.py"):
        (tmp_path / file).parent.mkdir(parents=True)
        (tmp_path / file).write_text("x = 1\n")
    write(tmp_path / "labs" / "lab.ipynb", "lab.start()", "text")
    made.executed.mkdir(parents=True)
    ran = {"metadata": {"book": {"code": code_digest(json.loads(lab(made).read_text())), "kit": kit_digest(made)}}, "cells": []}
    (made.executed / "lab.ipynb").write_text(json.dumps(ran))
    return made


def write(path: Path, code: str, text: str) -> None:
    cells = [{"cell_type": "code", "id": "c", "source": [code]}, {"cell_type": "markdown", "id": "m", "source": [text]}]
    path.write_text(json.dumps({"cells": cells}))


def lab(tree: Tree) -> Path:
    return tree.root / "labs" / "lab.ipynb"


def again(tree: Tree) -> bool:
    return needs_run(tree, lab(tree), kit_digest(tree))


def test_a_lab_whose_run_fits_is_not_run_again(tree: Tree) -> None:
    assert not again(tree)


def test_an_edit_of_prose_runs_nothing(tree: Tree) -> None:
    write(lab(tree), "lab.start()", "better text")
    assert not again(tree)


def test_an_edit_of_code_runs_the_lab(tree: Tree) -> None:
    write(lab(tree), "lab.close()", "text")
    assert again(tree)


@pytest.mark.parametrize("file", ["labs/labkit/lab.py", "mini_services/shop/stock.py"])
def test_an_edit_of_what_labs_import_runs_the_lab(tree: Tree, file: str) -> None:
    (tree.root / file).write_text("x = 2\n")
    assert again(tree)


def test_a_lab_that_never_ran_is_run(tree: Tree) -> None:
    (tree.executed / "lab.ipynb").unlink()
    assert again(tree)


@pytest.mark.parametrize("broken", ["{half", "[]", '{"cells": []}'])
def test_a_lab_whose_run_is_cut_short_is_run_again(tree: Tree, broken: str) -> None:
    (tree.executed / "lab.ipynb").write_text(broken)
    assert again(tree)


def judges(tree: Tree, record: dict[str, object] | str | None) -> bool:
    """Whether the lab, which now judges a claim, is run again when this is the claim's record."""
    write(lab(tree), 'lab.claim("a.b", True)', "text")
    run = {"metadata": {"book": {"code": code_digest(json.loads(lab(tree).read_text())), "kit": kit_digest(tree)}}, "cells": []}
    (tree.executed / "lab.ipynb").write_text(json.dumps(run))
    if record is not None:
        tree.records.mkdir(parents=True)
        (tree.records / "a.b.json").write_text(record if isinstance(record, str) else json.dumps(record))
    return again(tree)


def record_of(code: str | None) -> dict[str, object]:
    return {"id": "a.b", "outcome": "holds", "rows": [], "figures": {}, "date": "2026-01-02", "machine": "2 cores",
            "lab": "lab", "code": code}


def test_a_lab_with_the_records_of_its_claims_is_not_run_again(tree: Tree) -> None:
    write(lab(tree), 'lab.claim("a.b", True)', "text")
    assert not judges(tree, record_of(records.code_digest("lab", lab(tree).parent)))


@pytest.mark.parametrize("record", [None, "{half", record_of("other"), record_of(None)])
def test_a_lab_whose_records_prove_nothing_is_run_again(tree: Tree, record: dict[str, object] | str | None) -> None:
    assert judges(tree, record)
