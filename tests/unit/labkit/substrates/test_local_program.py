"""A program is found on the machine, then in the cache; where it is not, the one command that gets it is said."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from labkit.fetch.keep import keep
from labkit.fetch.report import Report
from labkit.substrates import local_program as module
from labkit.substrates.local_program import brought_home, command_to_get, find, local_version
from labkit.substrates.program import NotHere, Program
from labkit.substrates.source import Maven, Package, Source, Wheel
from tests.support.says import says

SIEVE = Wheel("sieve", "sieve-server", "2.4", "sieve-bin", "sieve", [])


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Nothing is on the path, beside it or in the cache."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "_BESIDE_PATH", ())
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path


def program(*sources: Source, executable: str = "sieve-server", debian: str = "") -> Program:
    return Program("Sieve", "sieve:2", executable, 1,
                   version=("--version",), oldest=(2, 0), debian=debian,
                   command=lambda place: [], sources=sources)


def have(folder: Path, version: str) -> str:
    path = folder / "bin" / "sieve-server"
    path.write_text(f"#!/bin/sh\necho {version}\n")
    path.chmod(0o755)
    return str(path)


def fetched(source: Source) -> None:
    name = "sieve.jar" if isinstance(source, Maven) else source.executable
    keep(source, 1, lambda folder: (folder / name).touch(), Report())


def test_the_machines_own_comes_before_what_was_fetched(bare: Path) -> None:
    fetched(SIEVE)
    assert (find(program(SIEVE)), local_version(program(SIEVE))) == (str(SIEVE.program), "2.4")
    own = have(bare, "2.1")
    assert (find(program(SIEVE)), local_version(program(SIEVE))) == (own, "2.1")


def test_what_was_fetched_comes_before_one_that_is_too_old(bare: Path) -> None:
    have(bare, "1.9")
    with says(NotHere, "Sieve on this machine is version 1.9", "2.0 or later", "python -m labkit get sieve"):
        find(program(SIEVE))
    fetched(SIEVE)
    assert (find(program(SIEVE)), local_version(program(SIEVE))) == (str(SIEVE.program), "2.4")


def test_one_that_was_fetched_and_harmed_is_not_here() -> None:
    fetched(SIEVE)
    SIEVE.program.unlink()
    with says(NotHere, "Sieve is not on this machine (sieve-server). This gets it: python -m labkit get sieve"):
        find(program(SIEVE))


def test_a_package_is_named_where_the_manager_has_it_and_labkit_where_it_has_none(bare: Path) -> None:
    assert command_to_get(program(SIEVE, debian="sieve")) == "python -m labkit get sieve"
    (bare / "bin" / "apt-get").touch(mode=0o755)
    assert command_to_get(program(SIEVE, debian="sieve")).endswith("apt-get install -y sieve")
    assert command_to_get(program(SIEVE)) == "python -m labkit get sieve"
    assert command_to_get(program()) == ""


def test_of_jars_the_program_is_java_and_they_must_be_whole(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jars = Maven("sieve", "java", "3.1", "", bare / "lock")
    jars.lock.touch()
    monkeypatch.setattr(module, "find_java", lambda oldest: "/opt/java/bin/java")
    sieve = program(jars, executable="java")
    with says(NotHere, "Sieve 3.1 is not on this machine. This gets it: python -m labkit get sieve"):
        find(sieve)
    fetched(jars)
    assert (find(sieve), local_version(sieve)) == ("/opt/java/bin/java", "3.1")
    (jars.folder / "sieve.jar").unlink()
    assert local_version(sieve) is None


def test_a_container_is_given_the_jars_that_its_image_lacks_and_needs_no_java_of_this_machine(bare: Path) -> None:
    jars = Maven("sieve", "java", "3.1", "", bare / "lock", java=99)
    jars.lock.touch()
    assert brought_home(program(jars, executable="java")) == "", "its image has them"
    sieve = replace(program(jars, executable="java"), home="/opt/sieve", brings_home=True)
    with says(NotHere, "Sieve 3.1 is not on this machine. This gets it: python -m labkit get sieve"):
        brought_home(sieve)
    fetched(jars)
    assert brought_home(sieve) == str(jars.folder)


def test_of_jars_a_java_is_said_first_and_both_are_one_command(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    jars = Maven("sieve", "java", "3.1", "", bare / "lock", java=99)
    (bare / "bin" / "apt-get").touch(mode=0o755)
    with says(NotHere, "Sieve needs Java 99 or later", "This gets it", "openjdk-99-jre-headless"):
        find(program(jars, executable="java"))
    java, get = command_to_get(program(jars, executable="java")).rsplit(" && ", 1)
    assert java.endswith("install -y openjdk-99-jre-headless")
    assert get == "python -m labkit get sieve"


def test_what_its_command_starts_must_be_here_too(bare: Path) -> None:
    """Its packages bring that."""
    (bare / "bin" / "apt-get").touch(mode=0o755)
    own, needy = have(bare, "2.4"), replace(program(debian="sieve mesh"), needs=("mesh",))
    with says(NotHere, "Sieve needs mesh, which is not on this machine. This gets it: ", "apt-get install -y sieve mesh"):
        find(needy)
    (bare / "bin" / "mesh").touch(mode=0o755)
    assert find(needy) == own


def test_the_fetched_program_is_taken_where_the_own_one_lacks_what_came_with_it(bare: Path) -> None:
    own, unpacked = have(bare, "2.4"), Package("sieve", "sieve-server", "2.4", "sieve mesh")

    def unpack(folder: Path) -> None:
        (folder / "bin").mkdir()
        for name in ("sieve-server", "mesh"):
            (folder / "bin" / name).touch(mode=0o755)

    keep(unpacked, 1, unpack, Report())
    assert find(program(unpacked)) == own
    assert find(replace(program(unpacked), needs=("mesh",))) == str(unpacked.program)
