"""The line about the machine says what it can do, and not whose it is."""

from __future__ import annotations

import getpass
import platform
import re
from pathlib import Path

from labkit.measure.machine import cores, machine, memory, named


def test_the_line_is_short_and_has_all_four_parts() -> None:
    assert re.fullmatch(r"[\d.]+ cores?, [\d.]+ GiB, [^,]+, Python 3\.\d+", machine())


def test_the_line_names_neither_host_nor_user() -> None:
    words = re.split(r"[^\w-]+", machine())
    assert platform.node() not in words
    assert getpass.getuser() not in words


def test_a_containers_limits_count(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("50000 100000\n")
    (tmp_path / "memory.max").write_text(f"{2**27}\n")
    assert cores(tmp_path) == 0.5
    assert memory(tmp_path) == 2**27


def test_without_limits_the_machine_counts(tmp_path: Path) -> None:
    (tmp_path / "cpu.max").write_text("max 100000\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert cores(tmp_path) == cores(tmp_path / "nothing here") >= 1
    assert memory(tmp_path) == memory(tmp_path / "nothing here") > 2**28


def test_a_reader_of_chinese_gets_the_words_in_chinese_and_the_names_as_they_are() -> None:
    line = "2 cores, 23.5 GiB, Debian GNU/Linux 12, Python 3.11"
    assert named(line).to("en") == line
    assert named(line).to("zh-Hant") == "2 核、23.5 GiB、Debian GNU/Linux 12、Python 3.11"
    assert named("1 core, 1 GiB").to("zh-Hant") == "1 核、1 GiB"
