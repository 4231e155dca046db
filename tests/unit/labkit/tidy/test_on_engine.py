"""A lab of which only an engine knows: whose it is, and whether its owner lives."""

from __future__ import annotations

import os
import time

import pytest

from labkit.substrates import owner
from labkit.substrates.engine import LABEL
from labkit.substrates.engine_labs import Made
from labkit.tidy.on_engine import by_lab, lab_on_engine

OLD = time.time() - 3600


def made(state: str = "running", began: float = OLD, **labels: str) -> Made:
    """A container whose owner is this process, unless ``labels`` say otherwise."""
    more = {f"{owner.OWNER}.{key}": value for key, value in labels.items()}
    return Made("container", "0123456789abcdef", "lab-1-ab-stock-1", state, began, {LABEL: "1-ab", **owner.owner_labels(), **more})


def state(*things: Made) -> str:
    return lab_on_engine("1-ab", list(things), "unix:///some.sock").state


def test_a_lab_lives_as_long_as_the_owner_that_its_labels_name() -> None:
    assert state(made()) == "alive"
    assert state(made(start="another time")) == "left", "a pid that was given to another process is not the owner"
    gone = {owner.OWNER: str(1 << 30)}
    assert state(Made("network", "1", "lab-1-ab", "", OLD, {**made().labels, **gone})) == "left"


def test_where_the_owner_cannot_be_seen_it_lives_as_long_as_something_of_it_runs() -> None:
    elsewhere = {"place": "another machine"}
    assert state(made("exited", **elsewhere), made("paused", **elsewhere)) == "elsewhere"
    assert state(made("exited", **elsewhere), made("created", **elsewhere)) == "left"
    assert state(made("created", time.time(), **elsewhere)) == "elsewhere", "it has just begun"


def test_labels_that_say_nothing_of_an_owner_are_no_proof_that_he_is_gone() -> None:
    assert state(Made("container", "1", "x", "running", OLD, {LABEL: "1-ab"})) == "elsewhere"


def test_another_users_labs_are_left_alone() -> None:
    assert list(by_lab([made(), made(user=str(os.getuid() + 1))])["1-ab"]) == [made()]
    assert by_lab([made(user=str(os.getuid() + 1))]) == {}


def test_the_lab_is_told_with_its_owner_and_since_when_it_is() -> None:
    one = lab_on_engine("1-ab", [made(began=OLD + 5), made(began=OLD)], "unix:///some.sock")
    assert (one.owner, one.began, one.engines, len(one.of_kind("container"))) == (os.getpid(), OLD, ["unix:///some.sock"], 2)


def test_a_pid_of_another_namespace_or_start_of_the_machine_is_not_looked_up(monkeypatch: pytest.MonkeyPatch) -> None:
    labels = owner.owner_labels()
    assert owner.lives(labels) is True
    for name in ("_namespace", "_boot"):
        owner._place.cache_clear()
        with monkeypatch.context() as change:
            change.setattr(owner, name, lambda: "another")
            assert owner.lives(labels) is None
        owner._place.cache_clear()
