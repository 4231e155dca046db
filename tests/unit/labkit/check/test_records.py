"""Records are whole or not at all, and know the code of their lab."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from labkit.check import records
from tests.unit.labkit.check.fake_run import write_lab


def test_what_is_written_is_read() -> None:
    assert records.write("a.b", {"outcome": "holds", "said": "成立"}) is None
    assert records.read("a.b") == {"outcome": "holds", "said": "成立"}


def test_there_may_be_none_or_a_broken_one(book: Path) -> None:
    assert records.read("a.b") is None
    records.write("a.b", {})
    (book / "records" / "a.b.json").write_text("{half")
    assert records.read("a.b") is None


def test_a_record_that_is_no_json_leaves_the_old_one_and_no_draft(book: Path) -> None:
    records.write("a.b", {"outcome": "holds"})
    with pytest.raises(ValueError, match="not JSON compliant"):
        records.write("a.b", {"value": math.nan})
    assert records.read("a.b") == {"outcome": "holds"}
    assert [path.name for path in (book / "records").iterdir()] == ["a.b.json"]


def test_a_full_disk_leaves_the_old_record_and_no_draft(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records.write("a.b", {"outcome": "holds"})

    def full(draft: str, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labkit.check.records.os.replace", full)
    warning = records.write("a.b", {"outcome": "fails"})
    assert warning is not None
    assert "No space left on device" in warning.en
    assert records.read("a.b") == {"outcome": "holds"}
    assert [path.name for path in (book / "records").iterdir()] == ["a.b.json"]


def test_the_claims_of_a_lab_are_read_off_its_code(book: Path) -> None:
    write_lab(book, "lab", 'x = 1\nlab.claim("a.b", x > 0)', "lab.claim(\n    'c.d-e',\n    x > 0)",
              '# lab.claim("no.no", x)', prose='Write `lab.claim("not.this")`.')
    assert records.judged_in(book / "labs" / "lab.ipynb") == ["a.b", "c.d-e"]


def test_the_digest_follows_the_code_and_nothing_else(book: Path) -> None:
    write_lab(book, "lab", "x = 1", prose="One.")
    first = records.code_digest("lab")
    write_lab(book, "lab", "x = 1", prose="Two.")
    assert records.code_digest("lab") == first
    assert records.code_digest("zh-Hant/lab") == first
    write_lab(book, "lab", "x = 2", prose="Two.")
    assert records.code_digest("lab") != first


def test_without_a_lab_there_is_no_digest() -> None:
    assert records.code_digest(None) is None
    assert records.code_digest("nowhere") is None
