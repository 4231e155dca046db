"""Memory, cores, disk, ports and a browser: enough, few, too few."""

from __future__ import annotations

import os
from collections import namedtuple
from pathlib import Path
from types import SimpleNamespace

import pytest

from labkit.doctor import browser as browsers
from labkit.doctor import machine as module
from labkit.doctor.browser import browser
from labkit.doctor.machine import cores, disk, memory, ports

MIB = 1 << 20


@pytest.mark.parametrize(("free", "state"), [(2048, "here"), (800, "lacking"), (300, "missing")])
def test_memory_is_what_is_free_now(monkeypatch: pytest.MonkeyPatch, free: int, state: str) -> None:
    monkeypatch.setattr(module.machine, "memory", lambda: 4096 * MIB)
    monkeypatch.setattr(module.psutil, "virtual_memory", lambda: SimpleNamespace(available=free * MIB))
    assert memory().state == state
    assert ("close other programs" in memory().said.en) == (state != "here")


def test_a_containers_limit_is_all_that_it_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module.machine, "memory", lambda: 256 * MIB)
    assert memory().facts == {"bytes": 256 * MIB, "free": 256 * MIB}
    assert memory().state == "missing"


@pytest.mark.parametrize(("number", "state"), [(2, "here"), (1, "lacking"), (0.5, "lacking")])
def test_few_cores_are_said_to_be_few_and_labs_run(monkeypatch: pytest.MonkeyPatch, number: float, state: str) -> None:
    monkeypatch.setattr(module.machine, "cores", lambda: number)
    assert cores().state == state


def test_the_disk_is_that_of_the_labs_folder_which_can_be_moved(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path))
    found = disk()
    assert (found.state, found.facts["folder"]) == ("here", str(tmp_path / f"labkit-{os.getuid()}"))


def test_a_full_disk_is_missing_room_and_where_else_to_go_is_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path))
    monkeypatch.setattr(module.shutil, "disk_usage", lambda _: namedtuple("usage", "free")(10 * MIB))
    found = disk()
    assert (found.state, found.command, found.fixable) == ("missing", 'export LABKIT_TMP="$HOME"', False)
    assert "10 MiB free" in found.said.en


def test_a_folder_that_cannot_be_made_is_told_with_the_cause(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path / "file"))
    assert disk().state == "missing"
    assert "Not a directory" in disk().said.en


def test_a_folder_that_another_user_made_is_none(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / f"labkit-{os.getuid()}").symlink_to(tmp_path / "elsewhere")
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path))
    assert disk().state == "missing"


def test_ports_can_be_had_and_there_are_many() -> None:
    assert ports().state == "here"


def test_few_ports_are_told_with_what_widens_their_range(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "range").write_text("60000\t60999\n")
    monkeypatch.setattr(module, "_RANGE", tmp_path / "range")
    found = ports()
    assert (found.state, found.facts) == ("lacking", {"first": 60000, "last": 60999})
    assert "only 1,000 ports" in found.said.en
    assert "ip_local_port_range" in found.command


def test_a_loopback_that_nobody_can_listen_on_is_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> None:
        raise OSError(99, "Cannot assign requested address")

    monkeypatch.setattr(module.socket, "create_server", refuse)
    assert ports().state == "missing"
    assert "Cannot assign requested address" in ports().said.en


def program(folder: Path, name: str, line: str) -> None:
    file = folder / name
    file.write_text(f"#!/bin/sh\n{line}\n")
    file.chmod(0o755)


@pytest.mark.parametrize(("name", "line", "said"), [
    ("chromium", "echo Chromium 141.0.1 built on Debian", "Chromium 141.0.1"),
    ("firefox-esr", "echo Mozilla Firefox 140.2.0esr", "Firefox 140.2.0"),
    ("google-chrome", "exit 1", "Chrome")])
def test_a_browser_is_told_with_its_version(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path, name: str, line: str, said: str) -> None:
    program(tmp_path, name, line)
    monkeypatch.setenv("PATH", f"{tmp_path}")
    assert browser().said.en == said
    assert browser().state == "here"


def test_without_a_browser_jupyterlab_prints_its_address_and_where_there_is_a_display_one_can_be_had(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(browsers, "_APPS", {})
    monkeypatch.setenv("PATH", str(tmp_path))
    program(tmp_path, "apt-get", "")
    monkeypatch.setenv("DISPLAY", ":0")
    assert browser().state == "lacking"
    assert browser().command.endswith("apt-get install -y chromium")
    monkeypatch.delenv("DISPLAY")
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert (browser().state, browser().command) == ("here", "")
    assert "prints its address" in browser().said.en
