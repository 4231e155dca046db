"""``labkit ps`` and ``labkit clean``: what they say, and when they refuse."""

from __future__ import annotations

import json
import os
import time
from typing import Any

import pytest

from labkit.__main__ import main
from labkit.substrates import proc
from labkit.substrates.engine import LABEL
from labkit.substrates.engine_labs import Made
from labkit.tidy import commands as module
from labkit.tidy.clean import Ended
from labkit.tidy.found import FoundLab, FoundProcess
from labkit.tidy.labs import Survey
from labkit.tidy.listing import lasted

CONTAINER = Made("container", "0123456789abcdef", "lab-2-cd-stock-1", "running", 0.0, {LABEL: "2-cd"})


def alive() -> FoundLab:
    me = FoundProcess(os.getpid(), proc.start_time(os.getpid()) or "", "stock-1")
    return FoundLab("1-ab", "alive", "/tmp/labkit-0/1-ab", 1, time.time() - 750, [me])


def left(**more: Any) -> FoundLab:
    return FoundLab("2-cd", "left", "/tmp/labkit-0/2-cd", 2, time.time() - 7200, (), [CONTAINER], **more)


@pytest.fixture
def ended(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The labs that were ended, in order; one lives and one was left."""
    names: list[str] = []

    def end(lab: FoundLab) -> Ended:
        names.append(lab.name)
        return Ended(lab, None)

    monkeypatch.setattr(module, "find_labs", lambda: Survey([alive(), left()]))
    monkeypatch.setattr(module, "end_lab", end)
    return names


def test_ps_lists_each_lab_with_all_that_it_has(ended: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ps"]) == 0
    said = capsys.readouterr().out
    assert "1-ab  alive for 12.5 min\n  owner: process 1, running\n  folder     /tmp/labkit-0/1-ab\n" in said
    assert f"  process    {os.getpid():<12}  stock-1, " in said
    assert "2-cd  left behind for 2 h\n  owner: process 2, gone\n" in said
    assert "  container  0123456789ab  lab-2-cd-stock-1, running\n" in said
    assert "2 lab(s), 1 of them left behind.\npython -m labkit clean ends what was left." in said
    assert max(map(len, said.splitlines())) <= 80


def test_ps_gives_scripts_the_same(ended: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["ps", "--json"]) == 0
    one, other = json.loads(capsys.readouterr().out)["labs"]
    assert (one["lab"], one["state"], one["owner"], one["seconds"]) == ("1-ab", "alive", 1, 750)
    assert one["processes"][0]["pid"] == os.getpid()
    assert one["processes"][0]["began"].startswith("20")
    assert other["containers"] == [{"id": "0123456789ab", "name": "lab-2-cd-stock-1", "state": "running",
                                    "began": "1970-01-01T00:00:00+00:00"}]


def test_where_there_is_nothing_both_say_so(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module, "find_labs", lambda: Survey([]))
    assert main(["ps"]) == 0
    assert capsys.readouterr().out == "No lab runs on this machine, and none has left anything.\n"
    assert main(["clean"]) == 0
    assert capsys.readouterr().out == "No lab has left anything.\n"


def test_an_engine_that_does_not_answer_is_named(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module, "find_labs", lambda: Survey([], {"unix:///x.sock": "Permission denied"}))
    for command in ("ps", "clean"):
        assert main([command]) == 0
        assert "The Docker engine at unix:///x.sock does not answer (Permission denied)" in capsys.readouterr().out


def test_clean_ends_what_was_left_and_no_living_lab(ended: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean"]) == 0
    assert ended == ["2-cd"]
    assert capsys.readouterr().out == "Ended of lab 2-cd: 1 container(s), its folder.\n"


def test_a_dry_run_ends_nothing(ended: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "--dry-run"]) == 0
    assert ended == []
    assert capsys.readouterr().out == "Would end of lab 2-cd: 1 container(s), its folder.\n"


@pytest.mark.parametrize(("answer", "expected"), [("y", ["1-ab", "2-cd"]), ("n", []), ("", []), ("是", ["1-ab", "2-cd"])])
def test_all_asks_before_it_ends_a_living_lab(ended: list[str], monkeypatch: pytest.MonkeyPatch, answer: str, expected: list[str],
                                              capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module.sys.stdin, "isatty", lambda: True, raising=False)
    monkeypatch.setattr("builtins.input", lambda _: answer)
    assert main(["clean", "--all"]) == 0
    assert ended == expected
    assert "These labs are alive, and --all ends them:\n  1-ab" in capsys.readouterr().out


def test_where_nobody_can_be_asked_all_takes_a_yes(ended: list[str], monkeypatch: pytest.MonkeyPatch,
                                                   capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(module.sys.stdin, "isatty", lambda: False, raising=False)
    assert main(["clean", "--all"]) == 2
    assert ended == []
    assert "--yes" in capsys.readouterr().err
    assert main(["clean", "--all", "--yes"]) == 0
    assert ended == ["1-ab", "2-cd"]


def test_labs_can_be_named_and_a_living_one_is_refused(ended: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["clean", "2-cd"]) == 0
    assert ended == ["2-cd"]
    assert main(["clean", "1-ab"]) == 2
    assert "Still alive: 1-ab" in capsys.readouterr().err
    assert main(["clean", "9-zz"]) == 2
    assert "There is no lab 9-zz here" in capsys.readouterr().err
    assert main(["clean", "--all", "--yes", "1-ab"]) == 0
    assert ended == ["2-cd", "1-ab"]


def test_what_could_not_be_ended_is_told_and_the_status_says_so(monkeypatch: pytest.MonkeyPatch,
                                                                capsys: pytest.CaptureFixture[str]) -> None:
    silent = left(silent=["unix:///x.sock"])
    monkeypatch.setattr(module, "find_labs", lambda: Survey([silent]))
    monkeypatch.setattr(module, "end_lab", lambda lab: Ended(lab, lab))
    assert main(["clean"]) == 1
    assert "Could not end of lab 2-cd: 1 container(s), its folder, containers on an engine that does not answer. Start the engine" \
        in capsys.readouterr().out


@pytest.mark.parametrize(("seconds", "en", "zh"), [(12.4, "12 s", "12 秒"), (60, "1 min", "1 分鐘"), (5400, "1.5 h", "1.5 小時"),
                                                   (200_000, "2.31 d", "2.31 天")])
def test_a_time_is_told_in_the_unit_that_says_enough(seconds: float, en: str, zh: str) -> None:
    assert (lasted(seconds).en, lasted(seconds).zh) == (en, zh)
