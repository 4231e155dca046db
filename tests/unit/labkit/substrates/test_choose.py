"""Which substrate a lab gets, and what it says about it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from labkit.substrates import choose as module
from labkit.substrates.choose import choose


class Fake:
    """Starts nothing."""

    def __init__(self, preload: Sequence[str]) -> None:
        self.start = "fork"


@pytest.fixture(autouse=True)
def no_processes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "ProcessSubstrate", Fake)
    monkeypatch.delenv("LABKIT_SUBSTRATE", raising=False)


@pytest.mark.parametrize(("name", "variable", "reason"), [
    (None, "", "nothing to install, nothing as root"), ("process", "", "as this lab asks"),
    (None, "process", "as LABKIT_SUBSTRATE says"), ("process", "moon", "as this lab asks"),
])
def test_what_the_lab_asks_for_wins_then_the_variable_then_what_is_there(
        monkeypatch: pytest.MonkeyPatch, name: str | None, variable: str, reason: str) -> None:
    monkeypatch.setenv("LABKIT_SUBSTRATE", variable)
    substrate, why = choose(name, [])
    assert isinstance(substrate, Fake)
    assert why.en == f"Services run as local processes, forked from one that has loaded the libraries: {reason}."


@pytest.mark.parametrize(("name", "variable"), [("dokcer", ""), (None, "dokcer")])
def test_an_unknown_one_is_told_with_those_there_are(monkeypatch: pytest.MonkeyPatch, name: str | None,
                                                     variable: str) -> None:
    monkeypatch.setenv("LABKIT_SUBSTRATE", variable)
    with pytest.raises(ValueError, match="There is no substrate “dokcer”; there is: process"):
        choose(name, [])
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh")
    with pytest.raises(ValueError, match="沒有名為「dokcer」的執行環境；現有的是：process"):
        choose(name, [])
