"""The Chinese notebook of a lab."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import polib
import pytest

from book.tools.translate_labs import main, translated
from book.tools.tree import Tree

CATALOGUE = {"A title": "標題", "Some text, see [the chapter](../book/page.md) and [lab 2](lab_2.ipynb).":
             "文字，參考[這一章](../book/page.md)與[實驗二](lab_2.ipynb)。"}
CODE = "stock = lab.service('stock')  # a comment\n\n\nprint('A title')"


def notebook(*markdown: str) -> dict[str, Any]:
    cells: list[dict[str, Any]] = [{"cell_type": "markdown", "id": f"m{n}", "metadata": {}, "source": [text]}
                                   for n, text in enumerate(markdown)]
    code = {"cell_type": "code", "id": "c", "metadata": {"tags": ["hide-input"]}, "outputs": [], "source": [CODE]}
    return {"cells": [*cells, code], "metadata": {"kernelspec": {"name": "python3"}}, "nbformat": 4, "nbformat_minor": 5}


LAB = notebook("# A title\n\nSome text, see [the chapter](../book/page.md)\nand [lab 2](lab_2.ipynb).")


def source(cell: dict[str, Any]) -> str:
    return "".join(cell["source"])


def test_text_is_put_in_chinese(tmp_path: Path) -> None:
    chinese, wrong = translated(LAB, CATALOGUE, tmp_path)
    assert wrong == []
    assert source(chinese["cells"][0]).startswith("# 標題\n\n文字，參考")


def test_code_ids_and_metadata_stay_byte_for_byte(tmp_path: Path) -> None:
    chinese, _ = translated(LAB, CATALOGUE, tmp_path)
    assert chinese["cells"][1] == LAB["cells"][1]
    assert [cell["id"] for cell in chinese["cells"]] == [cell["id"] for cell in LAB["cells"]]
    assert chinese["metadata"] == LAB["metadata"]


def test_links_fit_the_new_folder_and_another_lab_stays_beside(tmp_path: Path) -> None:
    chinese, _ = translated(LAB, CATALOGUE, tmp_path)
    assert "(../../book/page.md)" in source(chinese["cells"][0])
    assert "(lab_2.ipynb)" in source(chinese["cells"][0])


def test_text_without_a_translation_stays_and_is_named_with_its_cell(tmp_path: Path) -> None:
    chinese, wrong = translated(notebook("# A title", "New text."), {"A title": "標題"}, tmp_path)
    assert wrong == ["cell 2: no translation of: New text."]
    assert source(chinese["cells"][1]) == "New text."


def test_a_translation_that_found_no_place_is_named(tmp_path: Path) -> None:
    _, wrong = translated(notebook("# A title"), {"A title": "標題", "Gone.": "沒了。"}, tmp_path)
    assert wrong == ["a translation found no place: Gone."]


@pytest.fixture
def tree(tmp_path: Path) -> Tree:
    catalogue = polib.POFile()
    catalogue.extend(polib.POEntry(msgid=english, msgstr=chinese) for english, chinese in CATALOGUE.items())
    (tmp_path / "labs").mkdir()
    (tmp_path / "_toc.yml").write_text("root: book/index\nchapters:\n  - file: labs/lab_1\n")
    (tmp_path / "labs" / "lab_1.ipynb").write_text(json.dumps(LAB))
    made = Tree(tmp_path)
    (made.catalogues / "labs").mkdir(parents=True)
    catalogue.save(str(made.catalogues / "labs" / "lab_1.po"))
    return made


def test_every_lab_of_the_book_gets_its_notebook(tree: Tree) -> None:
    assert main(tree) == 0
    assert "標題" in (tree.root / "labs" / "zh-Hant" / "lab_1.ipynb").read_text("utf-8")


def test_a_notebook_that_did_not_change_is_not_written_again(tree: Tree) -> None:
    main(tree)
    written = (tree.root / "labs" / "zh-Hant" / "lab_1.ipynb").stat().st_mtime_ns
    main(tree)
    assert (tree.root / "labs" / "zh-Hant" / "lab_1.ipynb").stat().st_mtime_ns == written


def reader_writes(tree: Tree, code: str) -> None:
    path = tree.root / "labs" / "zh-Hant" / "lab_1.ipynb"
    notebook = json.loads(path.read_text("utf-8"))
    notebook["cells"][1]["source"] = [code]
    path.write_text(json.dumps(notebook))


def test_a_readers_own_work_is_left_alone(tree: Tree) -> None:
    main(tree)
    reader_writes(tree, "my answer")
    main(tree)
    assert "my answer" in (tree.root / "labs" / "zh-Hant" / "lab_1.ipynb").read_text("utf-8")


def test_when_the_lab_changes_a_readers_own_work_is_kept_beside_it(tree: Tree) -> None:
    main(tree)
    for answer in ("my answer", "my second answer"):
        reader_writes(tree, answer)
        changed = json.loads((tree.root / "labs" / "lab_1.ipynb").read_text("utf-8"))
        changed["cells"][1]["source"].append(f"# now {answer} is old")
        (tree.root / "labs" / "lab_1.ipynb").write_text(json.dumps(changed))
        main(tree)
    folder = tree.root / "labs" / "zh-Hant"
    assert "is old" in (folder / "lab_1.ipynb").read_text("utf-8")
    assert "my answer" in (folder / "lab_1.mine-1.ipynb").read_text("utf-8")
    assert "my second answer" in (folder / "lab_1.mine-2.ipynb").read_text("utf-8")


def test_outputs_alone_are_nobodys_work(tree: Tree) -> None:
    main(tree)
    path = tree.root / "labs" / "zh-Hant" / "lab_1.ipynb"
    path.write_text(path.read_text("utf-8").replace('"outputs": []', '"outputs": [{}]'))
    (tree.root / "labs" / "lab_1.ipynb").write_text(json.dumps(notebook("# A title")))
    main(tree)
    assert [file.name for file in path.parent.iterdir()] == ["lab_1.ipynb"]


def test_a_fuzzy_translation_is_not_used(tree: Tree, capsys: pytest.CaptureFixture[str]) -> None:
    path = tree.catalogues / "labs" / "lab_1.po"
    catalogue = polib.pofile(str(path))
    catalogue[0].flags.append("fuzzy")
    catalogue.save()
    assert main(tree) == 1
    assert "labs/lab_1.ipynb: cell 1: no translation of: A title" in capsys.readouterr().out
