"""The locks say what their inputs ask for, agree with one another, and name no index."""

from __future__ import annotations

import hashlib
import re
from collections import defaultdict
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.lint.repository import ROOT

LOCKS = {ROOT / "requirements.txt": ROOT / "requirements.in",
         **{path.with_suffix(".txt"): path for path in sorted((ROOT / "environments" / "locks").glob("*.in"))},
         ROOT / "environments" / "docker" / "service.txt": ROOT / "environments" / "docker" / "service.in"}
locks = pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.stem)


def _pins(lock: Path) -> list[Requirement]:
    lines = lock.read_text("utf-8").splitlines()
    return [Requirement(line.rstrip("\\ ")) for line in lines if line[:1].isalnum()]


def test_there_are_three_locks_and_that_of_the_image() -> None:
    assert [lock.stem for lock in LOCKS] == ["requirements", "site", "test", "service"]


@locks
def test_a_lock_is_in_step_with_its_input(lock: Path) -> None:
    recorded = re.search(r"^# from \S+, sha256 (\w+)$", lock.read_text("utf-8"), re.MULTILINE)
    assert recorded
    assert recorded[1] == hashlib.sha256(LOCKS[lock].read_bytes()).hexdigest(), "run environments/lock"


@locks
def test_a_lock_holds_all_that_its_input_names(lock: Path) -> None:
    lines = LOCKS[lock].read_text("utf-8").splitlines()
    asked = {canonicalize_name(Requirement(line).name) for line in lines if line[:1].isalnum()}
    assert asked - {canonicalize_name(pin.name) for pin in _pins(lock)} == set()


@locks
def test_every_version_is_exact_and_hashed(lock: Path) -> None:
    text = lock.read_text("utf-8")
    assert [str(pin) for pin in _pins(lock) if [part.operator for part in pin.specifier] != ["=="]] == []
    entries = re.split(r"\n(?=[a-z0-9])", text)[1:]
    assert [entry.splitlines()[0] for entry in entries if "--hash=sha256:" not in entry] == []


@locks
def test_a_lock_names_no_index(lock: Path) -> None:
    assert re.findall(r"https?://\S+|--(?:extra-)?index-url.*|--find-links.*", lock.read_text("utf-8")) == []


def test_what_the_locks_share_they_share_in_one_version() -> None:
    versions: dict[tuple[str, str], set[str]] = defaultdict(set)
    for lock in LOCKS:
        by_name: dict[str, set[str]] = defaultdict(set)
        for pin in _pins(lock):
            by_name[pin.name].add(str(pin.specifier))
        for name, specifiers in by_name.items():
            versions[name, ""].add(" ".join(sorted(specifiers)))
    assert {name: found for (name, _), found in versions.items() if len(found) > 1} == {}
