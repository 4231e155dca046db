"""The ways to a program, one after the other; a package manager only with consent."""

from __future__ import annotations

import io
import json
import os
from pathlib import Path
from typing import Any

import pytest

from labkit.__main__ import main
from labkit.fetch.trouble import CannotGet
from labkit.get import bring as module
from labkit.get import state
from labkit.get.consent import agreed
from labkit.language import Text
from labkit.substrates import local_program
from labkit.substrates.program import Program
from labkit.substrates.source import Package, Source, Wheel

PACKAGE = Package("redis", "sieve-server", "", "sieve", "sieve")
WHEEL = Wheel("redis", "sieve-server", "2.4", "sieve-bin", "sieve", [])


class Ways:
    """What is done, in order; ``fails`` are the kinds of sources that do not bring it."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.done, self.fails = folder, [], ()
        self.done: list[str]
        self.fails: tuple[type[Source], ...]

    def fetch(self, source: Source, *_: object) -> None:
        """By labkit itself."""
        self._by("fetch", source)

    def install(self, source: Source) -> None:
        """By the package manager."""
        self._by("install", source)

    def _by(self, how: str, source: Source) -> None:
        self.done.append(f"{how} {type(source).__name__}")
        if isinstance(source, self.fails):
            raise CannotGet(Text(f"no {type(source).__name__}", "沒有"))
        program = self.folder / "bin" / "sieve-server"
        program.write_text("#!/bin/sh\necho 2.4\n")
        program.chmod(0o755)


@pytest.fixture
def ways(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Ways:
    """Redis is a program that nobody has, with two sources; apt is here, and nobody has agreed to anything."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin" / "apt-get").touch(mode=0o755)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr(local_program, "_BESIDE_PATH", ())
    ways = Ways(tmp_path)
    program = Program("Sieve", "", "sieve-server", 1,
                      version=("--version",), oldest=(2, 0), debian="sieve",
                      command=lambda place: [], sources=(PACKAGE, WHEEL))
    monkeypatch.setattr(state, "programs", lambda: {"redis": program})
    for name in ("fetch", "install"):
        monkeypatch.setattr(module, name, getattr(ways, name))
    monkeypatch.setattr(module, "unpacks", lambda source: False)
    return ways


def got(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, list[Any], str]:
    """The status, what is printed for a program, and what is told."""
    status = main(["get", "redis", "--json", *arguments])
    told = capsys.readouterr()
    return status, json.loads(told.out), told.err


def test_the_package_manager_is_run_with_yes_and_its_command_is_shown(ways: Ways, capsys: pytest.CaptureFixture[str]) -> None:
    status, [redis], told = got(capsys, "--yes")
    assert (status, ways.done) == (0, ["install Package"])
    assert redis == {"name": "redis", "where": "machine", "version": "2.4", "path": str(ways.folder / "bin" / "sieve-server"),
                     "fetched": True, "trouble": None}
    assert "install -y sieve" in told


def test_without_consent_it_is_never_run_and_another_way_is_taken(ways: Ways, capsys: pytest.CaptureFixture[str]) -> None:
    status, _, told = got(capsys)
    assert (status, ways.done) == (0, ["fetch Wheel"])
    assert "nobody agreed" in told
    assert "install -y sieve" in told


def test_without_consent_a_package_that_bears_it_is_unpacked(
        ways: Ways, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "unpacks", lambda source: True)
    assert got(capsys)[0] == 0
    assert ways.done == ["fetch Package"]


def test_when_no_way_works_the_last_trouble_is_told_in_both_languages(ways: Ways, capsys: pytest.CaptureFixture[str]) -> None:
    ways.fails = (Package, Wheel)
    status, [redis], told = got(capsys, "--yes")
    assert (status, ways.done) == (1, ["install Package", "fetch Wheel"])
    assert redis["where"] is None
    assert redis["trouble"] == {"en": "no Wheel", "zh": "沒有"}
    assert "no Package" in told


def test_what_is_here_is_not_fetched(ways: Ways, capsys: pytest.CaptureFixture[str]) -> None:
    got(capsys, "--yes")
    status, [redis], _ = got(capsys, "--yes")
    assert (status, redis["fetched"], len(ways.done)) == (0, False, 1)


def test_a_list_changes_nothing(ways: Ways, capsys: pytest.CaptureFixture[str]) -> None:
    status, [redis], _ = got(capsys, "--list", "--yes")
    assert (status, redis["where"], ways.done) == (0, None, [])


@pytest.mark.parametrize(("sure", "root", "ci", "may"), [
    (True, False, "", True), (False, True, "true", True), (False, False, "true", False), (False, True, "", False)])
def test_who_agrees_where_nobody_can_be_asked(monkeypatch: pytest.MonkeyPatch, sure: bool, root: bool, ci: str, may: bool) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0 if root else 1000)
    monkeypatch.setenv("CI", ci)
    monkeypatch.setattr("sys.stdin", io.StringIO("y\n"))  # no terminal, whatever it says
    assert agreed(sure) is may
