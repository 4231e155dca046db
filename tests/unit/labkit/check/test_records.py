"""Records are whole or not at all, and know the code of their lab."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest

from labkit.check import records
from tests.unit.labkit.check.fake_run import write_lab


def whole(**other: Any) -> dict[str, Any]:
    """A record with all that it must have."""
    both = {"en": "home answered", "zh": "首頁得到回應"}
    figure = {"label": both, "value": 0.5, "unit": "share", "shown": both}
    row = {**figure, "relation": "≤", "limit": 0.6, "limit_shown": both, "ok": True}
    return {"id": "a.b", "outcome": "holds", "rows": [row], "figures": {"home": figure}, "date": "2026-01-02",
            "machine": "2 cores", **other}


def test_what_is_written_is_read_with_its_version() -> None:
    assert records.write("a.b", whole()) is None
    assert records.read("a.b") == {"version": 1, **whole()}


def test_there_may_be_none() -> None:
    assert records.read("a.b") is None


def test_a_record_from_before_there_were_versions_is_of_the_first(book: Path) -> None:
    (book / "records").mkdir()
    (book / "records" / "a.b.json").write_text(json.dumps(whole()), "utf-8")
    assert records.read("a.b") == whole()


@pytest.mark.parametrize(("text", "why"), [
    ("{half", "it is cut short, or no JSON"),
    ("", "it is cut short, or no JSON"),
    ("\udcff".encode("utf-8", "surrogateescape"), "it is cut short, or no JSON"),
    ("[]", "is missing, or is not what it should be"),
    (whole(version=2), "it is of version 2, and this book reads version 1"),
    (whole(version="1"), "it is of version 1, and"),
    (whole(id="c.d"), "it is the record of another claim, c.d"),
    (whole(outcome="surely"), "“outcome” is missing, or is not what it should be"),
    (whole(date="yesterday"), "“date” is missing, or"),
    (whole(machine=None), "“machine” is missing, or"),
    (whole(rows=None), "“rows” is missing, or"),
    (whole(rows=[{**whole()["rows"][0], "shown": "12 %"}]), "“rows.0.shown” is missing, or"),
    (whole(rows=[{**whole()["rows"][0], "relation": "="}]), "“rows.0.relation” is missing, or"),
    (whole(rows=[{**whole()["rows"][0], "value": "12"}]), "“rows.0.value” is missing, or"),
    (whole(figures={"home": {}}), "“figures.home.label” is missing, or"),
])
def test_a_record_that_cannot_be_believed_is_refused_with_file_reason_and_remedy(
        book: Path, text: str | bytes | dict[str, Any], why: str) -> None:
    path = book / "records" / "a.b.json"
    path.parent.mkdir()
    path.write_bytes(text if isinstance(text, bytes) else (text if isinstance(text, str) else json.dumps(text)).encode())
    with pytest.raises(records.RecordError) as refused:
        records.read("a.b")
    assert str(refused.value).startswith(f"{path} proves nothing: ")
    assert why in str(refused.value)
    assert str(refused.value).endswith("Run the claim's lab again, which writes it anew.")


def test_a_record_that_is_no_json_leaves_the_old_one_and_no_draft(book: Path) -> None:
    records.write("a.b", whole())
    with pytest.raises(ValueError, match="not JSON compliant"):
        records.write("a.b", {"value": math.nan})
    assert records.read("a.b") == {"version": 1, **whole()}
    assert [path.name for path in (book / "records").iterdir()] == ["a.b.json"]


def test_a_full_disk_leaves_the_old_record_and_no_draft(book: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    records.write("a.b", whole())

    def full(draft: str, path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("labkit.check.records.os.replace", full)
    warning = records.write("a.b", whole(outcome="fails"))
    assert warning is not None
    assert "No space left on device" in warning.en
    assert records.read("a.b") == {"version": 1, **whole()}
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
