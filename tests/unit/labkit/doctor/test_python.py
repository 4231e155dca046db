"""Python and the packages that the lock pins."""

from __future__ import annotations

import sys
from importlib.metadata import version
from pathlib import Path

import pytest

from labkit.doctor import python as module
from labkit.doctor.python import packages, python


def lock(tmp_path: Path, *lines: str) -> Path:
    file = tmp_path / "requirements.txt"
    file.write_text("".join(f"{line} \\\n    --hash=sha256:00\n    # via something\n" for line in lines))
    return file


def here(name: str) -> str:
    return f"{name}=={version(name)}"


def test_what_is_installed_as_locked_is_here(tmp_path: Path) -> None:
    found = packages(lock(tmp_path, here("pytest"), here("docker")))
    assert (found.state, found.said.en, found.command) == ("here", "all 2 that labs need, as locked", "")


def test_the_books_own_lock_is_read_whole() -> None:
    text = module._LOCK.read_text("utf-8")
    assert len(module._PIN.findall(text)) == sum("==" in line for line in text.splitlines() if line[:1].isalnum())
    assert packages().state == "here"


def test_an_absent_package_is_missing_and_pip_brings_it(tmp_path: Path) -> None:
    file = lock(tmp_path, here("pytest"), "no-such-package==1.0")
    found = packages(file)
    assert (found.state, found.facts["absent"]) == ("missing", ["no-such-package"])
    assert found.said.en == "not here: no-such-package"
    assert found.command == f"{sys.executable} -m pip install -r {file}"


def test_another_version_is_told_and_no_reason_not_to_run(tmp_path: Path) -> None:
    found = packages(lock(tmp_path, "pytest==0.1"))
    assert (found.state, found.facts["other"]) == ("lacking", [f"pytest {version('pytest')}"])


def test_what_the_lock_pins_for_another_python_or_system_is_not_asked_for(tmp_path: Path) -> None:
    found = packages(lock(tmp_path, "no-such-package==1.0 ; python_full_version < '3.0'", "other==1 ; sys_platform == 'win32'",
                          here("pytest") + " ; python_full_version >= '3.11'"))
    assert found.said.en == "all 1 that labs need, as locked"


def test_the_systems_own_python_gets_an_environment_of_the_books_instead(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.sys, "prefix", sys.base_prefix)
    assert packages(lock(tmp_path, "no-such-package==1.0")).command == f"{tmp_path / 'run'} doctor"


def test_many_are_not_all_named(tmp_path: Path) -> None:
    said = packages(lock(tmp_path, *(f"no-such-{letter}==1.0" for letter in "abcdefgh"))).said.en
    assert said.endswith("no-such-f, ...")


def test_python_is_told_with_its_version_and_an_old_one_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert (python().state, python().facts["path"]) == ("here", sys.executable)
    monkeypatch.setattr(module, "_OLDEST", (3, 99))
    assert python().state == "missing"
