"""Each system is told its own command."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from labkit.substrates import packages as module
from labkit.substrates.packages import as_root, install_command, takes_root


@pytest.fixture
def lists(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """apt's lists, in which there is one."""
    (tmp_path / "deb.debian.org_main_Packages").write_text("")
    monkeypatch.setattr(module, "APT_LISTS", tmp_path)
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    return tmp_path


def only(monkeypatch: pytest.MonkeyPatch, manager: str) -> None:
    monkeypatch.setattr(module.shutil, "which", lambda name: f"/usr/bin/{name}" if name == manager else None)


@pytest.mark.parametrize(("manager", "command"), [
    ("apt-get", "sudo apt-get install -y redis-server"), ("dnf", "sudo dnf install -y valkey"), ("brew", "brew install redis"),
    ("", "")])
def test_each_package_manager_has_its_command_and_its_name_for_it(
        monkeypatch: pytest.MonkeyPatch, lists: Path, manager: str, command: str) -> None:
    only(monkeypatch, manager)
    assert install_command(debian="redis-server", fedora="valkey", brew="redis") == command
    assert takes_root(command) == command.startswith("sudo")


def test_apt_fetches_its_lists_first_where_it_has_none(monkeypatch: pytest.MonkeyPatch, lists: Path) -> None:
    only(monkeypatch, "apt-get")
    next(lists.iterdir()).unlink()
    assert install_command(debian="x") == "sudo apt-get update && sudo apt-get install -y x"


def test_root_needs_no_sudo(monkeypatch: pytest.MonkeyPatch, lists: Path) -> None:
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    assert as_root("service docker start") == "service docker start"
    only(monkeypatch, "apt-get")
    assert install_command(debian="x") == "apt-get install -y x"


def test_what_a_package_manager_does_not_have_it_is_not_told_to_install(monkeypatch: pytest.MonkeyPatch, lists: Path) -> None:
    only(monkeypatch, "brew")
    assert install_command(debian="x", fedora="y") == ""
