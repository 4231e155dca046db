"""What a dead lab has left is removed, and nothing else is touched."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from labkit.substrates import leftovers, proc

DEAD = {"pid": 1 << 30, "start": "1"}


def me() -> dict[str, Any]:
    return {"pid": os.getpid(), "start": proc.start_time(os.getpid())}


def lab(base: Path, name: str = "lab", **register: Any) -> Path:
    """The folder of a lab whose owner and supervisor are dead, if not said otherwise."""
    folder = base / name
    folder.mkdir()
    leftovers.write(str(folder), {"owner": DEAD, "supervisor": DEAD, "processes": [], **register})
    return folder


def age(folder: Path, seconds: float) -> None:
    os.utime(folder, (time.time() - seconds,) * 2)


def test_a_register_is_read_as_it_was_written(tmp_path: Path) -> None:
    folder = lab(tmp_path, owner=me())
    assert leftovers.read(str(folder)) == {"owner": me(), "supervisor": DEAD, "processes": [], "engine": None}
    assert os.listdir(folder) == ["lab.json"]


@pytest.mark.parametrize("text", ["", "{", "[]", '{"owner": 1}', "null"])
def test_what_is_no_register_is_none(tmp_path: Path, text: str) -> None:
    (tmp_path / "lab.json").write_text(text)
    assert leftovers.read(str(tmp_path)) is None


def test_dead_labs_are_removed_with_all_that_is_in_their_folders(tmp_path: Path) -> None:
    folder = lab(tmp_path)
    (folder / "deep" / "down").mkdir(parents=True)
    assert leftovers.sweep(str(tmp_path)) == ["lab"]
    assert not folder.exists()


@pytest.mark.parametrize("who", ["owner", "supervisor"])
def test_a_lab_is_alive_as_long_as_its_owner_or_its_supervisor_is(tmp_path: Path, who: str) -> None:
    folder = lab(tmp_path, **{who: me()})
    assert leftovers.sweep(str(tmp_path)) == []
    assert folder.exists()


def test_a_pid_that_was_given_to_another_process_is_not_the_owner(tmp_path: Path) -> None:
    lab(tmp_path, owner={"pid": os.getpid(), "start": "another time"})
    assert leftovers.sweep(str(tmp_path)) == ["lab"]


def test_a_folder_without_a_register_is_left_while_it_is_young(tmp_path: Path) -> None:
    (tmp_path / "young").mkdir()
    (tmp_path / "old").mkdir()
    age(tmp_path / "old", 3600)
    assert leftovers.sweep(str(tmp_path)) == ["old"]
    assert os.listdir(tmp_path) == ["young"]


def test_processes_of_a_dead_lab_are_ended_by_register_and_by_label(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "input()"]
    with (subprocess.Popen(command, stdin=subprocess.PIPE) as registered,
          subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, proc.LABEL: "lab"}) as labelled,
          subprocess.Popen(command, stdin=subprocess.PIPE, env={**os.environ, proc.LABEL: "other"}) as other):
        known = {"pid": registered.pid, "start": proc.start_time(registered.pid), "name": "one"}
        reused = {"pid": other.pid, "start": "long ago", "name": "two"}
        lab(tmp_path, processes=[known, reused])
        leftovers.sweep(str(tmp_path))
        assert registered.wait(5) == -9
        assert sys.platform != "linux" or labelled.wait(5) == -9
        assert other.poll() is None
        labelled.kill()
        other.kill()


def test_a_network_that_somebody_else_uses_is_no_reason_to_hang(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def end(address: str, lab: str) -> int:
        asked.append(lab)
        return 1  # the network is still in use, whoever asks however often

    monkeypatch.setattr(leftovers.engine, "end_labelled", end)
    monkeypatch.setattr(leftovers.time, "sleep", lambda _: None)
    assert leftovers.end_containers({"address": "unix:///some.sock", "lab": "1-ab"})
    assert 1 < len(asked) < 1000


def test_labs_lie_in_one_private_folder_a_user_which_can_be_moved(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_TMP", "/somewhere/else")
    assert leftovers.base_folder() == f"/somewhere/else/labkit-{os.getuid()}"
    monkeypatch.delenv("LABKIT_TMP")
    assert leftovers.base_folder().endswith(f"/labkit-{os.getuid()}")


def test_a_labs_folder_is_private(tmp_path: Path) -> None:
    leftovers.make(str(tmp_path / "base" / "lab"))
    assert [(tmp_path / part).stat().st_mode & 0o777 for part in ("base", "base/lab")] == [0o700, 0o700]
    leftovers.make(str(tmp_path / "base" / "another"))


def test_a_base_folder_of_another_user_is_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "theirs").mkdir()
    monkeypatch.setattr(os, "getuid", lambda: os.geteuid() + 1)
    with pytest.raises(PermissionError, match="it belongs to another user"):
        leftovers.make(str(tmp_path / "theirs" / "lab"))


def test_a_base_folder_that_is_a_link_is_not_used(tmp_path: Path) -> None:
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "base").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(PermissionError):
        leftovers.make(str(tmp_path / "base" / "lab"))
    assert list((tmp_path / "elsewhere").iterdir()) == []
