"""A claim holds, fails, or could not be judged; a starved machine decides neither way."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from labkit.check.judging import judge
from labkit.check.verdict import ClaimFailed, ClaimNotProven, Verdict
from labkit.language import Text
from labkit.measure.quantity import Quantity
from tests.unit.labkit.check.fake_run import SLOW, FakeRun, write_lab


def verdict(run: FakeRun, **options: Any) -> Verdict:
    """Is at most a fifth of the home pages answered?"""
    return judge("avalanche.vertical", run.answered <= 0.2, **({"say": lambda text: None} | options))


def test_it_holds_at_once() -> None:
    run = FakeRun(0.0)
    found = verdict(run)
    assert (found.outcome, found.tries, run.runs, found.reason) == ("holds", 1, 1, None)
    assert found.sentence.en == "“avalanche.vertical” holds."
    found.raise_if_failed()


def test_a_miss_is_measured_once_more_and_may_hold() -> None:
    found = verdict(FakeRun(0.9, 0.1))
    assert (found.outcome, found.tries, found.rows[0].value) == ("holds", 2, 0.1)


def test_two_misses_fail_with_the_figures_of_the_last() -> None:
    run = FakeRun(0.9, 0.8, 0.0)
    found = verdict(run)
    assert (found.outcome, found.tries, run.runs) == ("fails", 2, 2)
    with pytest.raises(ClaimFailed, match=r"home answered was 80 % and must be ≤ 20 % \(measured 2 times\)") as error:
        found.raise_if_failed()
    assert error.value.verdict is found


def test_a_busy_machine_does_not_pass() -> None:
    found = verdict(FakeRun(0.0, 0.0, busy=(True, True)))
    assert (found.outcome, found.reason, found.tries) == ("too busy", SLOW, 2)
    found.raise_if_failed()  # a reader sees it, and tries again later


def test_a_busy_machine_does_not_fail() -> None:
    assert verdict(FakeRun(0.9, 0.9, busy=(False, True))).outcome == "too busy"


def test_a_busy_first_try_is_repaired_by_a_quiet_second() -> None:
    assert verdict(FakeRun(0.0, 0.0, busy=(True, False))).outcome == "holds"
    assert verdict(FakeRun(0.0, 0.9, busy=(True, False))).outcome == "fails"


def test_in_ci_a_busy_machine_gets_a_third_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert verdict(FakeRun(0.0, busy=(True, True, False))).outcome == "holds"
    found = verdict(FakeRun(0.0, busy=(True, True, True, False)))
    assert (found.outcome, found.tries) == ("too busy", 3)
    with pytest.raises(ClaimNotProven, match="could not be judged, because the control stream was slow"):
        found.raise_if_failed()


def test_in_ci_a_miss_gets_no_third_try(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CI", "true")
    assert verdict(FakeRun(0.9, 0.9, 0.0)).tries == 2


def test_strict_halves_the_limits() -> None:
    assert verdict(FakeRun(0.0, strictly_busy=True)).outcome == "holds"
    assert verdict(FakeRun(0.0, strictly_busy=True), strict=True).outcome == "too busy"


def test_evidence_is_judged_and_repeated_too() -> None:
    evidence = FakeRun(1.0, busy=(True, False))
    found = verdict(FakeRun(0.0), evidence=[evidence])
    assert (found.outcome, evidence.runs) == ("holds", 2)


def test_every_run_behind_it_is_repeated_once() -> None:
    before, after = FakeRun(0.5, 1.0), FakeRun(0.4, 0.1)
    found = judge("avalanche.vertical", [after.answered < 0.2 * before.answered, before.answered >= 0.9],
                  say=lambda text: None)
    assert (found.outcome, before.runs, after.runs) == ("holds", 2, 2)


def test_rerun_stands_in_for_repeating_each_run() -> None:
    run = FakeRun(0.9, 0.9, 0.0)

    def both() -> None:
        run.runs += 2

    assert verdict(run, rerun=both).outcome == "holds"


def test_a_function_is_looked_at_again() -> None:
    run = FakeRun(0.9, 0.0)
    found = judge("avalanche.vertical", lambda: bool(run.answered <= 0.2), note=Text("dead", "死了"), evidence=[run],
                  say=lambda text: None)
    assert (found.outcome, found.tries, found.note) == ("holds", 2, Text("dead", "死了"))


def test_a_plain_bool_gets_one_try_since_it_speaks_of_the_first_run() -> None:
    run = FakeRun(0.0, busy=(True, False))
    found = judge("avalanche.vertical", True, note="dead", evidence=[run])
    assert (found.outcome, run.runs) == ("too busy", 1)
    assert judge("avalanche.vertical", False, note="dead", evidence=()).sentence.en.endswith("not true: dead.")


def test_what_was_not_measured_does_not_hold() -> None:
    nothing = Quantity(float("nan"), Text("time until full", "填滿時間"), "s")
    found = judge("avalanche.vertical", (nothing >= 0, nothing <= 9))
    assert found.outcome == "fails"
    assert "time until full was not measured and must be ≥ 0 s" in found.sentence.en


def test_nothing_is_measured_for_an_unknown_claim() -> None:
    run = FakeRun(0.9)
    with pytest.raises(LookupError, match=r"Did you mean avalanche\.vertical"):
        judge("avalanche.vertica", run.answered <= 0.2)
    assert run.runs == 1


def test_the_reader_hears_why_it_is_measured_again() -> None:
    said: list[Text] = []
    verdict(FakeRun(0.9, 0.0), say=said.append)
    verdict(FakeRun(0.0, busy=(True, False)), say=said.append)
    assert said[0].en == "“avalanche.vertical”: not met on the first try. Measuring once more."
    assert said[1].zh == "「avalanche.vertical」：對照用的 ping 太慢。再測量一次。"


def test_the_record_holds_all_that_the_verdict_rests_on(book: Path) -> None:
    write_lab(book, "lab_1", "lab.claim('avalanche.vertical')")
    found = verdict(FakeRun(0.9, 0.1), lab_name="lab_1", figures={"before": FakeRun(1.0).answered})
    record = json.loads((book / "records" / "avalanche.vertical.json").read_text("utf-8"))
    assert record == {"version": 1, **json.loads(json.dumps(found.to_json()))}
    assert (record["outcome"], record["tries"], record["lab"]) == ("holds", 2, "lab_1")
    assert record["figures"]["before"] == {"label": {"en": "home answered", "zh": "首頁得到回應"}, "value": 1.0,
                                           "unit": "share", "shown": {"en": "100 %", "zh": "100 %"}}
    assert record["rows"][0]["limit_shown"]["zh"] == "20 %"
    assert record["code"]


def test_a_failure_is_recorded_too(book: Path) -> None:
    verdict(FakeRun(0.9))
    assert json.loads((book / "records" / "avalanche.vertical.json").read_text("utf-8"))["outcome"] == "fails"


def test_a_record_that_cannot_be_written_is_a_sentence_and_no_failure(book: Path) -> None:
    (book / "records").write_text("a file where the folder should be")
    said: list[Text] = []
    assert verdict(FakeRun(0.0), say=said.append).outcome == "holds"
    assert "could not be written" in said[0].en
