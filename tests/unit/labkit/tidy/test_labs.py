"""What is known of a lab from its folder and from engines comes together."""

from __future__ import annotations

import os
import time

import pytest

from labkit.substrates import owner
from labkit.substrates.engine import LABEL
from labkit.substrates.engine_labs import Made
from labkit.tidy import labs as module
from labkit.tidy.found import FoundLab
from labkit.tidy.labs import find_labs

USUAL, OTHER = "unix:///usual.sock", "unix:///other.sock"


def container(lab: str) -> Made:
    return Made("container", lab, f"lab-{lab}-stock-1", "running", time.time(), {LABEL: lab, **owner.owner_labels()})


@pytest.fixture(autouse=True)
def engines(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[Made] | OSError]:
    """What engines have, or what comes of asking them; two labs have a folder here, one of which is on another engine."""
    has: dict[str, list[Made] | OSError] = {USUAL: [], OTHER: []}

    def ask(address: str) -> list[Made]:
        answer = has[address]
        if isinstance(answer, OSError):
            raise answer
        return answer

    monkeypatch.setenv("DOCKER_HOST", USUAL)
    monkeypatch.setattr(module, "made_for_labs", ask)
    monkeypatch.setattr(module, "labs_on_machine", lambda: [
        FoundLab("2-cd", "left", "/2-cd", began=20.0, engines=[OTHER]), FoundLab("1-ab", "alive", "/1-ab", began=10.0)])
    return has


def test_the_engines_of_registers_are_asked_and_the_one_that_a_lab_would_use(engines: dict[str, list[Made] | OSError]) -> None:
    engines.update({USUAL: [container("1-ab")], OTHER: [container("2-cd")]})
    one, other = find_labs().labs
    assert (one.name, [made.id for made in one.made], one.engines) == ("1-ab", ["1-ab"], [USUAL])
    assert (other.name, [made.id for made in other.made], other.engines) == ("2-cd", ["2-cd"], [OTHER])


def test_a_lab_of_which_only_an_engine_knows_is_listed(engines: dict[str, list[Made] | OSError]) -> None:
    engines[USUAL] = [container("3-ef")]
    last = find_labs().labs[-1]
    assert (last.name, last.state, last.owner, last.folder) == ("3-ef", "alive", os.getpid(), None)


def test_an_engine_with_two_addresses_has_each_thing_once(engines: dict[str, list[Made] | OSError]) -> None:
    engines.update({USUAL: [container("2-cd"), container("3-ef")], OTHER: [container("2-cd"), container("3-ef")]})
    found = {lab.name: [made.id for made in lab.made] for lab in find_labs().labs}
    assert found == {"1-ab": [], "2-cd": ["2-cd"], "3-ef": ["3-ef"]}


def test_where_there_is_no_engine_none_is_missed(engines: dict[str, list[Made] | OSError]) -> None:
    engines[USUAL] = FileNotFoundError(2, "No such file or directory")
    assert find_labs().silent == {}


def test_an_engine_that_is_there_and_does_not_answer_is_named(engines: dict[str, list[Made] | OSError]) -> None:
    engines[USUAL] = PermissionError(13, "Permission denied")
    assert find_labs().silent == {USUAL: "Permission denied"}


def test_an_engine_on_which_a_lab_has_something_is_missed_when_it_is_gone(engines: dict[str, list[Made] | OSError]) -> None:
    engines[OTHER] = FileNotFoundError(2, "No such file or directory")
    survey = find_labs()
    assert survey.silent == {OTHER: "No such file or directory"}
    assert {lab.name: lab.silent for lab in survey.labs} == {"1-ab": [], "2-cd": [OTHER]}


def test_an_engine_on_another_machine_is_none_of_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DOCKER_HOST", "tcp://elsewhere.example:2375")
    assert find_labs().silent == {}
