"""A package of Debian unpacked into the cache: with what it stands on, and a script that names the libraries."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from labkit.fetch import unpack as module
from labkit.fetch.fetch import fetch
from labkit.fetch.trouble import CannotGet, NotReached
from labkit.fetch.unpack import unpacks
from labkit.substrates.source import Package
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told

SIEVE = Package("sieve", "sieve-server", "", "sieve", "sieve", places=("/usr/lib/sieve/*/bin",))
APT = """#!/bin/sh
PATH=/usr/bin:/bin
echo "$@" >> {log}
case "$@" in
    *--simulate*) echo 'Inst libsieve1 (1.0-1 Debian:12 [amd64])'; echo 'Inst sieve [0.9] (2.4-1 Debian:12 [amd64])' ;;
    *--print-uris*) for name in libsieve1_1.0 sieve_2.4; do echo "'http://deb/$name.deb' $name.deb 3000 SHA256:0f"; done ;;
    *download*) {download} ;;
esac
"""
DPKG = """#!/bin/sh
PATH=/usr/bin:/bin
case $2 in
    *libsieve1*) mkdir -p $3/usr/lib/x86_64-linux-gnu $3/bin; echo > $3/usr/lib/x86_64-linux-gnu/libsieve.so.1
       for name in sieve-tool mesh; do printf '#!/bin/sh\\necho other %s\\n' $name > $3/bin/$name; chmod +x $3/bin/$name; done ;;
    *) mkdir -p $3/{folder}
       for name in sieve-server sieve-tool; do
           printf '#!/bin/sh\\necho %s "$LD_LIBRARY_PATH" "$@"\\n' $name > $3/{folder}/$name; chmod +x $3/{folder}/$name
       done ;;
esac
"""
COMES = "for name in libsieve1_1.0 sieve_2.4; do printf %3000s > ${name}_amd64.deb; done"


@pytest.fixture(autouse=True)
def bare(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """apt has its lists, and is not here."""
    (tmp_path / "bin").mkdir()
    (tmp_path / "lists").mkdir()
    (tmp_path / "lists" / "main_Packages").touch()
    monkeypatch.setattr(module, "APT_LISTS", tmp_path / "lists")
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    monkeypatch.delenv("LD_LIBRARY_PATH", raising=False)
    return tmp_path


def have_apt(folder: Path, download: str = COMES, where: str = "usr/sbin") -> Path:
    """Such an apt; what it was called with."""
    for name, text in (("apt-get", APT.format(log=folder / "called", download=download)), ("dpkg", DPKG.format(folder=where))):
        (folder / "bin" / name).write_text(text)
        (folder / "bin" / name).chmod(0o755)
    return folder / "called"


@pytest.mark.parametrize("where", ["usr/sbin", "usr/bin", "usr/lib/sieve/15/bin"])
def test_its_script_starts_it_with_its_libraries_and_so_do_its_neighbours(bare: Path, told: Told, where: str) -> None:
    called = have_apt(bare, where=where)
    fetch(SIEVE, told)
    assert SIEVE.is_whole()
    libraries = SIEVE.folder / "root" / "usr" / "lib" / "x86_64-linux-gnu"
    for name in ("sieve-server", "sieve-tool"):
        said = subprocess.run([SIEVE.program.with_name(name), "a b"], capture_output=True, text=True, check=True).stdout
        assert said == f"{name} {libraries} a b\n"
    assert "libsieve1=1.0-1 sieve=2.4-1" in called.read_text()
    assert not any(line for line in called.read_text().splitlines() if " update" in line)
    assert told.here == told.size == 6000


def test_what_came_in_another_folder_is_there_too_and_the_programs_own_neighbours_come_first(bare: Path, told: Told) -> None:
    have_apt(bare)
    fetch(SIEVE, told)
    said = {name: subprocess.run([SIEVE.program.with_name(name)], capture_output=True, text=True, check=True).stdout.split()[0]
            for name in ("mesh", "sieve-tool")}
    assert said == {"mesh": "other", "sieve-tool": "sieve-tool"}


def test_lists_that_were_never_fetched_are_fetched_into_the_cache(bare: Path, told: Told) -> None:
    (bare / "lists" / "main_Packages").unlink()
    called = have_apt(bare)
    fetch(SIEVE, told)
    first = called.read_text().splitlines()[0]
    assert first.endswith("update")
    assert f"Dir::State::Lists={SIEVE.folder}.part/.work/lists" in first


@pytest.mark.parametrize(("says_apt", "error", "said"), [
    ("E: Failed to fetch http://deb/x  Temporary failure resolving deb", NotReached, "Debian's packages cannot be reached"),
    ("E: Unable to locate package sieve", CannotGet, "could not be unpacked for you (Unable to locate package sieve)"),
    ("E: write, No space left on device", CannotGet, "no space left in")])
def test_what_apt_says_becomes_a_sentence_and_nothing_is_left(
        bare: Path, told: Told, cache: Path, says_apt: str, error: type[Exception], said: str) -> None:
    have_apt(bare, f'echo "{says_apt}" >&2; exit 100')
    with says(error, said):
        fetch(SIEVE, told)
    assert list(cache.iterdir()) == []


def test_a_package_without_the_program_is_said(bare: Path, told: Told) -> None:
    have_apt(bare, where="usr/games")
    with says(CannotGet, "the package sieve has no program sieve-server"):
        fetch(SIEVE, told)


def test_it_is_a_way_only_where_apt_is_and_the_package_bears_it(bare: Path) -> None:
    assert not unpacks(SIEVE)
    have_apt(bare)
    assert unpacks(SIEVE)
    assert not unpacks(Package("rabbitmq", "rabbitmq-server", "", "rabbitmq-server"))


def test_a_program_that_debian_calls_otherwise_is_there_by_both_names(bare: Path, told: Told) -> None:
    have_apt(bare)
    source = Package("sieve", "sieved", "", "sieve", "sieve", also_called=("sieve-server",))
    fetch(source, told)
    said = subprocess.run([source.program], capture_output=True, text=True, check=True).stdout
    assert said.startswith("sieve-server ")
