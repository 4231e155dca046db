"""What is in git belongs to everybody: nothing made by a tool, nothing of one machine."""

from __future__ import annotations

import re
from pathlib import Path

from tests.lint.repository import ROOT, files, relative, tracked

_MADE = re.compile(r"(^|/)(\.venv|_build|__pycache__|\.ipynb_checkpoints|node_modules|\.[a-z]+_cache|\.hypothesis)/"
                   r"|^labs/zh-Hant/|\.(pyc|pot|mo|egg-info|log|orig|rej|tmp)$|~$")
_HERE = re.compile(r"(?<![\w./-])/(?:work|root|home/\w+|Users/\w+)/")  # a folder of one machine
_MESSAGES = (b"<" * 7, b">" * 7)
_LARGE = 512 * 1024


def test_nothing_that_a_tool_makes_is_kept() -> None:
    assert [relative(path) for path in tracked() if _MADE.search(relative(path))] == []


def test_no_line_names_a_folder_of_one_machine() -> None:
    assert [place for path in _texts() for place in _places(path)] == []


def test_no_merge_was_left_half_done() -> None:
    assert [relative(path) for path in _texts()
            if any(line.startswith(_MESSAGES) for line in path.read_bytes().splitlines())] == []


def test_no_file_is_large() -> None:
    assert [relative(path) for path in tracked() if path.exists() and path.stat().st_size > _LARGE] == []


def test_what_is_run_can_be_run() -> None:
    scripts = [path for path in files("") if path.read_bytes()[:2] == b"#!"]
    assert {ROOT / "run", ROOT / ".ci" / "run"} <= set(scripts)
    assert [relative(path) for path in scripts if not path.stat().st_mode & 0o100] == []


def _texts() -> list[Path]:
    return [path for path in files("") if b"\0" not in path.read_bytes()[:1024]]


def _places(path: Path) -> list[str]:
    lines = path.read_text("utf-8").splitlines()
    return [f"{relative(path)}:{number}: {line.strip()[:100]}" for number, line in enumerate(lines, 1)
            if _HERE.search(line)]
