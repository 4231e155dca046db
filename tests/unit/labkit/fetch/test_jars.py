"""A set of jars: all of them as locked, or none; by Maven where the repository answers only to it."""

from __future__ import annotations

import hashlib
from pathlib import Path

import pytest

from labkit.fetch import download as module
from labkit.fetch import fetch as whole
from labkit.fetch.fetch import fetch
from labkit.fetch.trouble import CannotGet, CutOff, NotReached
from labkit.language import Text
from labkit.substrates.source import Maven
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told
from tests.unit.labkit.fetch.registry import Registry

FILES = {f"org/sieve/part{n}/1.{n}/part{n}-1.{n}.jar": bytes([n]) * 1000 * n for n in range(1, 9)}
FILES["org/sieve/native/2.0/native-2.0-linux-x86_64.jar"] = b"native"

MVN = """#!/bin/sh
echo "$@" >> {log}
while [ "$1" != -f ]; do shift; done
grep -q '<artifactId>native</artifactId><version>2.0</version><classifier>linux-x86_64</classifier>' $2 || exit 1
jars=$(sed -n 's:.*<outputDirectory>\\(.*\\)</outputDirectory>.*:\\1:p' $2)
mkdir -p $jars && cp {files}/*.jar $jars
"""


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """No pause lasts, and there is a Java."""
    monkeypatch.setattr(module, "_PAUSES", (0.0, 0.0))
    monkeypatch.setattr(whole, "find_java", lambda oldest: "/usr/bin/java")


@pytest.fixture
def sieve(registry: Registry, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Maven:
    """A set that the registry has."""
    registry.files = dict(FILES)
    monkeypatch.setenv("LABKIT_MAVEN", registry.address)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    lock = tmp_path / "sieve.txt"
    lock.write_text("# a head\n" + "".join(f"{hashlib.sha256(content).hexdigest()} {len(content)} {path}\n"
                                          for path, content in FILES.items()))
    return Maven("sieve", "java", "1", "org.sieve:sieve:1", lock)


def have_mvn(tmp_path: Path, files: dict[str, bytes]) -> Path:
    """A Maven that brings these; what it was called with."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "brought").mkdir()
    for path, content in files.items():
        (tmp_path / "brought" / Path(path).name).write_bytes(content)
    mvn = tmp_path / "bin" / "mvn"
    mvn.write_text(MVN.format(log=tmp_path / "called", files=tmp_path / "brought").replace("$2", '"$2"').replace(
        "/bin/sh\n", "/bin/sh\nPATH=/usr/bin:/bin\n"))
    mvn.chmod(0o755)
    return tmp_path / "called"


def test_all_lie_side_by_side_as_they_are_locked(sieve: Maven, told: Told) -> None:
    fetch(sieve, told)
    assert sieve.is_whole()
    assert {path.name: path.read_bytes() for path in sieve.folder.glob("*.jar")} == \
        {Path(path).name: content for path, content in FILES.items()}
    assert told.here == told.size == sum(map(len, FILES.values()))


def test_a_set_that_was_fetched_by_an_earlier_lock_is_not_whole_any_more(sieve: Maven, told: Told) -> None:
    fetch(sieve, told)
    with sieve.lock.open("a", encoding="utf-8") as lock:
        lock.write(f"{'0' * 64} 10 org/sieve/added/1.3/added-1.3.jar\n")
    assert not sieve.is_whole()


def test_what_came_before_the_registry_broke_off_is_not_fetched_again(sieve: Maven, registry: Registry, told: Told) -> None:
    registry.cuts = [900] * 3 + [0] * 40
    with pytest.raises((CutOff, NotReached)):
        fetch(sieve, told)
    assert not sieve.is_whole()
    registry.cuts = []
    fetch(sieve, again := Told())
    assert sieve.is_whole()
    assert again.again > 0
    assert again.here == again.size


def test_one_that_is_not_the_pinned_one_leaves_nothing(sieve: Maven, registry: Registry, told: Told, cache: Path) -> None:
    registry.files["org/sieve/part3/1.3/part3-1.3.jar"] = bytes([9]) * 3000
    with says(CannotGet, "part3-1.3.jar from 127.0.0.1", "not the one that is pinned"):
        fetch(sieve, told)
    assert list(cache.iterdir()) == []


def test_a_repository_that_lacks_a_file_is_named(sieve: Maven, registry: Registry, told: Told) -> None:
    del registry.files["org/sieve/part3/1.3/part3-1.3.jar"]
    with says(NotReached, "127.0.0.1", "does not give part3-1.3.jar", "404"):
        fetch(sieve, told)
    assert not sieve.is_whole()


def test_maven_brings_them_where_the_repository_answers_only_to_it(
        sieve: Maven, registry: Registry, told: Told, tmp_path: Path) -> None:
    registry.files.clear()
    called = have_mvn(tmp_path, FILES)
    fetch(sieve, told)
    assert sieve.is_whole()
    assert "dependency" in called.read_text()
    assert len(list(sieve.folder.glob("*.jar"))) == len(FILES)
    assert "Maven" in told.said[-1].en


def test_what_maven_brings_is_held_to_the_lock_too(sieve: Maven, registry: Registry, told: Told, tmp_path: Path) -> None:
    registry.files.clear()
    have_mvn(tmp_path, {**FILES, "org/sieve/part3/1.3/part3-1.3.jar": b"else"})
    with says(CannotGet, "part3-1.3.jar from Maven", "not the one that is pinned"):
        fetch(sieve, told)
    assert not sieve.is_whole()


def test_without_a_java_nothing_is_fetched(sieve: Maven, registry: Registry, told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(whole, "find_java", lambda oldest: None)
    monkeypatch.setattr(whole, "no_java", lambda name, oldest: Text(f"{name} needs Java {oldest}", "需要"))
    with says(CannotGet, "sieve needs Java 17"):
        fetch(sieve, told)
    assert registry.asked == []
