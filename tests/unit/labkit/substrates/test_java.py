"""The Java for what comes as jars: the first that is new enough, or a sentence with the command."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.substrates import java as module
from labkit.substrates.java import find_java, no_java


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No Java anywhere; apt is here."""
    monkeypatch.setattr(module, "_PLACES", (str(tmp_path / "jvm" / "*" / "bin" / "java"),))
    monkeypatch.setenv("PATH", str(tmp_path / "path"))
    monkeypatch.delenv("JAVA_HOME", raising=False)
    put(tmp_path / "path" / "apt-get", "")
    return tmp_path


def put(path: Path, line: str) -> str:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\n{line}\n")
    path.chmod(0o755)
    return str(path)


def java(path: Path, version: str) -> str:
    return put(path, f"echo 'openjdk version \"{version}\" 2025-04-15' >&2")


def test_the_first_that_is_new_enough_is_taken(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    newest = java(bare / "jvm" / "java-21" / "bin" / "java", "21.0.2")
    assert find_java(17) == newest
    on_path = java(bare / "path" / "java", "17.0.15")
    assert find_java(17) == on_path
    assert find_java(21) == newest
    home = java(bare / "own" / "bin" / "java", "17")
    monkeypatch.setenv("JAVA_HOME", str(bare / "own"))
    assert find_java(17) == home


def test_an_old_one_is_named_with_the_command_for_a_newer(bare: Path) -> None:
    java(bare / "path" / "java", "1.8.0_402")
    assert find_java(17) is None
    said = no_java("Kafka", 17).en
    assert "Kafka needs Java 17 or later, and this machine's is Java 8. This gets it: " in said
    assert said.endswith("apt-get install -y default-jre-headless")


def test_without_one_the_command_is_said(bare: Path) -> None:
    put(bare / "path" / "java", "echo 'Unable to locate a Java Runtime.' >&2; exit 1")  # macOS's place-holder
    assert "there is none on this machine. This gets it: " in no_java("Kafka", 17).en
    assert "這台機器上沒有 Java" in no_java("Kafka", 17).zh


def test_one_later_than_the_default_is_named_by_its_version(bare: Path) -> None:
    assert no_java("Search", 21).en.endswith("openjdk-21-jre-headless")
