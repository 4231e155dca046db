"""What is told when Go is not there, too old, or fails; the real one builds in tests/system."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.fetch import go as module
from labkit.fetch.build import no_go
from labkit.fetch.fetch import fetch
from labkit.fetch.trouble import CannotGet, NotReached
from labkit.substrates.source import Go
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told

SIEVE = Go("sieve", "sieve", "2.4.0", "example.org/sieve", "example.org/sieve/cmd", "example.org/sieve v2.4.0 h1:x=\n", (1, 26),
           1000, 5, 1000, "require example.org/part v1.0.0", "small")
GO = """#!/bin/sh
PATH=/usr/bin:/bin
echo "$CGO_ENABLED $GOFLAGS $@" >> {log}
case "$1 $2" in
    "env GOVERSION") echo go{version} ;;
    "list -m") echo {module} ;;
    "list -deps") echo one; echo two; echo sieve ;;
    *) {does} ;;
esac
"""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No program is on the path, nor a Go in its usual place; nor is one made for this processor."""
    (tmp_path / "bin").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "_PLACES", "")
    monkeypatch.setattr("platform.machine", lambda: "riscv64")
    return tmp_path


def have_go(folder: Path, version: str = "1.26.8", does: str = ":") -> Path:
    """Such a Go; what it was called with."""
    (folder / "module").mkdir()
    (folder / "module" / "go.sum").write_text("example.org/part v1.0.0 h1:y=\n")
    go = folder / "bin" / "go"
    go.write_text(GO.format(log=folder / "called", version=version, module=folder / "module", does=does))
    go.chmod(0o755)
    return folder / "called"


def test_it_is_built_in_a_module_around_it_with_every_hash(bare: Path, told: Told) -> None:
    called = have_go(bare, does=f"case $1 in build) cp go.mod go.sum {bare}; echo one >&2; echo program > sieve;; esac")
    fetch(SIEVE, told)
    assert SIEVE.is_whole()
    assert SIEVE.program.read_text() == "program\n"
    assert "require example.org/sieve v2.4.0\nrequire example.org/part v1.0.0\n" in (bare / "go.mod").read_text()
    assert (bare / "go.sum").read_text() == "example.org/sieve v2.4.0 h1:x=\nexample.org/part v1.0.0 h1:y=\n"
    assert "0 -mod=mod build -v -trimpath -ldflags=-s -w -tags=small -o sieve example.org/sieve/cmd" in called.read_text()


def test_without_go_it_says_what_brings_it(told: Told, cache: Path) -> None:
    with says(CannotGet, "sieve 2.4.0 is built with Go 1.26 or later", "there is none", "go.dev/dl", "Docker"):
        fetch(SIEVE, told)
    assert not cache.exists()


def test_one_that_is_too_old_is_named(bare: Path, told: Told) -> None:
    have_go(bare, "1.19.8")
    with says(CannotGet, "Go 1.26 or later", "this machine's is Go 1.19"):
        fetch(SIEVE, told)


def test_one_that_is_just_new_enough_will_do(bare: Path) -> None:
    have_go(bare, "1.26rc1")
    assert no_go(SIEVE) is None


@pytest.mark.parametrize(("told_by_go", "error", "said"), [
    ("go: example.org/sieve@v2.4.0: Get: dial tcp: lookup proxy: no such host", NotReached, "module proxy cannot be reached"),
    ("verifying example.org/part@v1.0.0: checksum mismatch", CannotGet, "not the one that is pinned"),
    ("write /tmp/x: no space left on device", CannotGet, "no space left in"),
    ("cmd/main.go:1:2: undefined: x", CannotGet, "sieve 2.4.0 could not be built (go mod): cmd/main.go"),
])
def test_what_go_says_becomes_a_sentence_and_nothing_is_left(
        bare: Path, told: Told, cache: Path, told_by_go: str, error: type[Exception], said: str) -> None:
    have_go(bare, does=f'echo "go: downloading example.org/sieve v2.4.0" >&2; echo "{told_by_go}" >&2; exit 1')
    with says(error, said):
        fetch(SIEVE, told)
    assert list(cache.iterdir()) == []
