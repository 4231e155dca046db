"""``python -m labkit claims``: every claim, proven or not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.__main__ import main
from labkit.check.judging import judge
from tests.unit.labkit.check.fake_run import FakeRun, write_lab


def listed(capsys: pytest.CaptureFixture[str]) -> dict[str, dict[str, Any]]:
    assert main(["claims", "--json"]) == 0
    return {each["id"]: each for each in json.loads(capsys.readouterr().out)}


@pytest.fixture
def judged(book: Path) -> Path:
    """One claim judged by a lab, one named by it and never run, one in no lab."""
    write_lab(book, "lab_1", 'lab.claim("avalanche.vertical", x)', 'lab.claim("avalanche.retries", y)')
    judge("avalanche.vertical", FakeRun(0.125).answered <= 0.2, lab_name="lab_1")
    return book


def test_each_claim_has_its_lab_verdict_figures_date_and_machine(judged: Path,
                                                                 capsys: pytest.CaptureFixture[str]) -> None:
    claims = listed(capsys)
    assert list(claims) == ["avalanche.vertical", "avalanche.retries", "remedies.bulkhead"]
    proven = claims["avalanche.vertical"]
    assert (proven["lab"], proven["verdict"], proven["stale"], proven["note"]) == ("lab_1", "holds", False, None)
    assert proven["figures"]["home_answered"]["value"] == 0.125
    assert proven["date"]
    assert "Python 3." in proven["machine"]
    assert proven["statement"] == {"en": "Nobody answers.", "zh": "誰都得不到回應。"}


def test_what_was_never_judged_is_not_proven(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    claims = listed(capsys)
    assert (claims["avalanche.retries"]["lab"], claims["avalanche.retries"]["verdict"]) == ("lab_1", "not proven")
    assert (claims["remedies.bulkhead"]["lab"], claims["remedies.bulkhead"]["verdict"]) == (None, "not proven")
    assert claims["remedies.bulkhead"]["figures"] == {}


def test_a_failure_is_listed_as_one(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    judge("avalanche.retries", FakeRun(0.9).answered <= 0.2, lab_name="lab_1", say=lambda text: None)
    assert listed(capsys)["avalanche.retries"]["verdict"] == "fails"


def test_a_record_of_a_lab_that_changed_is_stale(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    write_lab(judged, "lab_1", 'lab.claim("avalanche.vertical", x, z)')
    claim = listed(capsys)["avalanche.vertical"]
    assert (claim["verdict"], claim["stale"]) == ("holds", True)
    assert claim["note"]["en"] == "its lab has changed since: run it again"


def test_a_record_that_cannot_be_believed_proves_nothing_and_the_list_says_why(judged: Path,
                                                                               capsys: pytest.CaptureFixture[str]) -> None:
    (judged / "records" / "avalanche.vertical.json").write_text("{half")
    claim = listed(capsys)["avalanche.vertical"]
    assert (claim["verdict"], claim["figures"]) == ("not proven", {})
    assert "avalanche.vertical.json proves nothing: it is cut short, or no JSON" in claim["note"]["en"]


def test_a_claim_that_no_lab_names_any_more_is_not_proven(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (judged / "labs" / "lab_1.ipynb").unlink()
    claim = listed(capsys)["avalanche.vertical"]
    assert (claim["verdict"], claim["note"]["en"]) == ("not proven", "no lab judges it any more")


def test_the_table_has_a_line_a_claim_its_figures_and_a_sum(judged: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["claims"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].split() == ["claim", "verdict", "lab", "measured", "machine"]
    assert lines[1].startswith("avalanche.vertical  holds       lab_1  20")
    assert lines[2] == "    home answered 12.5 %"
    assert lines[3].startswith("avalanche.retries   not proven  lab_1  —")
    assert lines[-1] == "1 of 3 claims hold by what their labs measured last; 2 are judged in a lab."


def test_the_table_is_in_the_readers_language_and_lined_up(judged: Path, capsys: pytest.CaptureFixture[str],
                                                           monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    main(["claims"])
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("主張" + " " * 16 + "判定" + " " * 6 + "實驗")
    assert lines[2] == "    首頁得到回應 12.5 %"


def test_a_broken_claims_file_is_a_sentence(book: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (book / "claims.yml").write_text("a: [", "utf-8")
    assert main(["claims"]) == 2
    assert "line 1: this is no YAML" in capsys.readouterr().err


def test_without_a_command_there_is_help(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    assert "claims" in capsys.readouterr().out
