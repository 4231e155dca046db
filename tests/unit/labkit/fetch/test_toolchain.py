"""Where no Go is new enough, an older one fetches the one that is pinned; real ones do so in tests/system."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from labkit.fetch import go as module
from labkit.fetch import toolchain
from labkit.fetch.catalogue import SOURCES
from labkit.fetch.fetch import cost
from labkit.fetch.report import Report
from labkit.fetch.toolchain import LOCK, MODULE, PLATFORMS, VERSION, Ahead, ahead, go_for
from labkit.substrates.source import Go
from tests.unit.labkit.fetch.conftest import Told

CONSUL = next(source for source in SOURCES["consul"] if isinstance(source, Go))
NEWEST = max(source.go for sources in SOURCES.values() for source in sources if isinstance(source, Go))
OLD = """#!/bin/sh
PATH=/usr/bin:/bin
case "$1 $2" in
    "env GOVERSION") echo go{version} ;;
    "env GOMODCACHE") echo {modules} ;;
    "mod download") cp go.sum {modules}/sums
                    mkdir -p {zips}; printf %1000s > {zips}/v0.0.1-go{newest}.linux-amd64.zip1.tmp
                    mkdir -p {home}/bin {home}/pkg/tool/any {home}/src/cmd
                    printf '#!/bin/sh\\necho go{newest}\\n' > {home}/bin/go
                    touch {home}/pkg/tool/any/link; echo module std > {home}/src/_go.mod; echo module cmd > {home}/src/cmd/_go.mod
                    chmod 444 {home}/bin/go {home}/pkg/tool/any/link; chmod 555 {home}/src {home}/src/cmd ;;
esac
"""


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """No program is on the path, nor a Go in its usual place; this machine is a Linux on Intel."""
    for folder in ("bin", "modules", "work", "cache/microservices-by-experiment/programs"):
        (tmp_path / folder).mkdir(parents=True)
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.setattr(module, "_PLACES", "")
    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setattr("platform.machine", lambda: "x86_64")
    return tmp_path


def have(folder: Path, name: str, text: str) -> Path:
    program = folder / "bin" / name
    program.write_text(text)
    program.chmod(0o755)
    return program


def have_go(folder: Path, version: str) -> Path:
    """A Go that fetches; where its module lies then."""
    home = folder / "modules" / "golang.org" / f"toolchain@v0.0.1-go{VERSION}.linux-amd64"
    zips = folder / "modules" / "cache" / "download" / "golang.org" / "toolchain" / "@v"
    have(folder, "go", OLD.format(version=version, modules=folder / "modules", home=home, newest=VERSION, zips=zips))
    return home


def test_the_one_that_is_pinned_builds_everything_on_every_platform() -> None:
    lines = [line.split() for line in LOCK.read_text("utf-8").splitlines() if not line.startswith("#")]
    assert [line[0] for line in lines] == [f"v0.0.1-go{VERSION}.{platform}" for platform in PLATFORMS]
    assert all(int(size) > 50_000_000 and whole.startswith("h1:") and mod.startswith("h1:") for _, size, whole, mod in lines)
    assert tuple(map(int, VERSION.split("."))) >= NEWEST


def test_a_go_that_is_new_enough_is_taken_as_it_is(bare: Path, told: Told) -> None:
    have_go(bare, VERSION)
    assert ahead(NEWEST) == Ahead()
    assert go_for(CONSUL, bare / "work", told) == str(bare / "bin" / "go")
    assert told.said == []
    assert "new enough" not in cost(CONSUL).en


def test_an_older_one_fetches_what_is_pinned_and_the_next_build_has_it(bare: Path, told: Told) -> None:
    home = have_go(bare, "1.19.8")
    assert "after 72 MB for a Go that is new enough" in cost(CONSUL).en
    go = go_for(CONSUL, bare / "work", told)
    assert subprocess.run([go], capture_output=True, text=True, check=True).stdout == f"go{VERSION}\n"
    assert f"Go {VERSION} comes first, 72 MB" in told.said[0].en
    assert round(told.size / 1e6) == 72
    assert told.here == 1000
    pinned = next(line.split() for line in LOCK.read_text("utf-8").splitlines() if "linux-amd64" in line)
    assert (bare / "modules" / "sums").read_text() == f"{MODULE} {pinned[0]} {pinned[2]}\n{MODULE} {pinned[0]}/go.mod {pinned[3]}\n"
    assert os.access(home / "pkg" / "tool" / "any" / "link", os.X_OK)
    assert [(home / path).read_text() for path in ("src/go.mod", "src/cmd/go.mod")] == ["module std\n", "module cmd\n"]
    assert (home / "src").stat().st_mode & 0o777 == 0o555
    (bare / "bin" / "go").unlink()
    assert ahead(CONSUL.go) == Ahead()
    assert go_for(CONSUL, bare / "work", Report()) == go


def test_one_that_was_removed_comes_again(bare: Path, told: Told) -> None:
    home = have_go(bare, "1.19.8")
    go_for(CONSUL, bare / "work", told)
    home.rename(bare / "elsewhere")
    coming = ahead(CONSUL.go)
    assert coming is not None
    assert coming.size > 0


def test_without_any_go_debians_is_unpacked_and_counts(bare: Path) -> None:
    assert ahead(CONSUL.go) is None
    for name in ("apt-get", "dpkg"):
        have(bare, name, "#!/bin/sh\n")
    coming = ahead(CONSUL.go)
    assert coming is not None
    assert coming.size > 150_000_000


@pytest.mark.parametrize(("system", "processor"), [("linux", "riscv64"), ("freebsd14", "x86_64")])
def test_for_another_processor_there_is_none(bare: Path, monkeypatch: pytest.MonkeyPatch, system: str, processor: str) -> None:
    have_go(bare, "1.19.8")
    monkeypatch.setattr("sys.platform", system)
    monkeypatch.setattr("platform.machine", lambda: processor)
    assert ahead(CONSUL.go) is None


def test_one_that_is_older_than_modules_cannot_fetch_it(bare: Path) -> None:
    have_go(bare, "1.12.17")
    assert ahead(CONSUL.go) is None


def test_a_build_for_a_newer_go_than_the_pinned_one_is_not_begun(bare: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    have_go(bare, "1.19.8")
    monkeypatch.setattr(toolchain, "VERSION", "1.24.0")
    assert ahead(CONSUL.go) is None
