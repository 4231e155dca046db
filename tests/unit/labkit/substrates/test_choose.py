"""Which substrate a lab gets, and what it says about it."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import pytest

from labkit.language import Text
from labkit.substrates import choose as module
from labkit.substrates import docker as docker_module
from labkit.substrates import find_engine
from labkit.substrates.choose import choose
from labkit.substrates.find_engine import NoEngine


class Fake:
    """Starts nothing."""

    def __init__(self, what: object, say: object = None) -> None:
        self.start, self.trouble, self.closed = "fork", False, False

    def ready(self) -> None:
        if self.trouble:
            raise KeyboardInterrupt

    def close(self) -> None:
        self.closed = True


class FakeDocker(Fake):
    """Has no container either."""


@pytest.fixture(autouse=True)
def engine(monkeypatch: pytest.MonkeyPatch) -> Callable[[Text | None], None]:
    """No process, no container; and an engine that answers, until the test says why it does not."""
    monkeypatch.setattr(module, "ProcessSubstrate", Fake)
    monkeypatch.setattr(docker_module, "DockerSubstrate", FakeDocker)
    monkeypatch.setattr(find_engine, "engine_version", lambda address: "20.10")
    monkeypatch.delenv("LABKIT_SUBSTRATE", raising=False)

    def gone(why: Text | None) -> None:
        def refuse(address: str) -> str:
            assert why is not None
            raise NoEngine(why)

        monkeypatch.setattr(find_engine, "engine_version", refuse)

    return gone


@pytest.mark.parametrize(("name", "variable", "kind", "why"), [
    (None, "", FakeDocker, "containers: its engine, version 20.10, answers"),
    ("process", "", Fake, "as this lab asks"), ("docker", "process", FakeDocker, "as this lab asks"),
    (None, "process", Fake, "as LABKIT_SUBSTRATE says"), (None, "docker", FakeDocker, "as LABKIT_SUBSTRATE says"),
    ("process", "moon", Fake, "as this lab asks"),
])
def test_what_the_lab_asks_for_wins_then_the_variable_then_what_is_there(
        monkeypatch: pytest.MonkeyPatch, name: str | None, variable: str, kind: type[Fake], why: str) -> None:
    monkeypatch.setenv("LABKIT_SUBSTRATE", variable)
    substrate, said = choose(name, [], print)
    assert type(substrate) is kind
    assert said.en.endswith(f"{why}.")


def test_where_no_engine_answers_local_processes_run_and_the_line_says_why(engine: Callable[[Text | None], None]) -> None:
    engine(Text("nobody answers", "沒有回應"))
    substrate, said = choose(None, [], print)
    assert type(substrate) is Fake
    assert said.en == "Services run as local processes, forked from one that has loaded the libraries: nobody answers."


def test_who_asks_for_an_engine_that_is_not_there_is_told(engine: Callable[[Text | None], None]) -> None:
    engine(Text("nobody answers", "沒有回應"))
    with pytest.raises(NoEngine, match="nobody answers"):
        choose("docker", [], print)


def test_half_a_substrate_is_closed(monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Fake] = []

    def make(preload: Sequence[str]) -> Fake:
        made.append(Fake(preload))
        made[0].trouble = True
        return made[0]

    monkeypatch.setattr(module, "ProcessSubstrate", make)
    with pytest.raises(KeyboardInterrupt):
        choose("process", [], print)
    assert made[0].closed


@pytest.mark.parametrize(("name", "variable"), [("dokcer", ""), (None, "dokcer")])
def test_an_unknown_one_is_told_with_those_there_are(monkeypatch: pytest.MonkeyPatch, name: str | None,
                                                     variable: str) -> None:
    monkeypatch.setenv("LABKIT_SUBSTRATE", variable)
    with pytest.raises(ValueError, match="There is no substrate “dokcer”; there is: docker, process"):
        choose(name, [], print)
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh")
    with pytest.raises(ValueError, match="沒有名為「dokcer」的執行環境；現有的是：docker, process"):
        choose(name, [], print)
