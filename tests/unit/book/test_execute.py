"""When a lab is run again for the site."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book.tools.execute import needs_run
from book.tools.runs import code_digest, kit_digest
from book.tools.tree import Tree


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
