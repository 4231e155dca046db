"""A folder of the cache is whole or it is not there, whatever happens while it is made."""

from __future__ import annotations

import errno
import multiprocessing
import os
import signal
import threading
from pathlib import Path

import pytest

from labkit.fetch import trouble
from labkit.fetch.keep import keep
from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet, CutOff
from labkit.language import Text
from labkit.substrates.source import Source
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told

SIEVE = Source("sieve", "sieve-server", "1.2")


def fill(folder: Path) -> None:
    (folder / "sieve-server").write_text("program")
    (folder / "more").mkdir()
    (folder / "more" / "file with a space").write_text("x")


def test_what_was_made_is_whole_and_not_made_again(cache: Path, told: Told) -> None:
    keep(SIEVE, 1, fill, told)
    assert SIEVE.is_whole()
    assert SIEVE.program.read_text() == "program"
    assert [path.name for path in cache.iterdir()] == ["sieve-1.2"]
    keep(SIEVE, 1, lambda folder: pytest.fail("it is here"), told)


@pytest.mark.parametrize("harm", [
    lambda folder: (folder / "more" / "file with a space").unlink(), lambda folder: (folder / "sieve-server").write_text("prog"),
    lambda folder: (folder / ".contents").unlink()], ids=["removed", "shortened", "no list"])
def test_what_somebody_has_harmed_is_made_again(told: Told, harm: object) -> None:
    keep(SIEVE, 1, fill, told)
    assert callable(harm)
    harm(SIEVE.folder)
    assert not SIEVE.is_whole()
    keep(SIEVE, 1, fill, told)
    assert SIEVE.is_whole()


def test_a_failure_leaves_nothing(cache: Path, told: Told) -> None:
    def fail(folder: Path) -> None:
        fill(folder)
        raise CannotGet(Text("no", "否"))

    with pytest.raises(CannotGet):
        keep(SIEVE, 1, fail, told)
    assert list(cache.iterdir()) == []
    assert not SIEVE.is_whole()


def test_a_download_that_broke_off_is_kept_beside_and_is_not_whole(cache: Path, told: Told) -> None:
    def cut(folder: Path) -> None:
        (folder / "sieve.jar.part").write_text("half")
        raise CutOff(Text("cut", "斷"))

    with pytest.raises(CutOff):
        keep(SIEVE, 1, cut, told)
    assert not SIEVE.is_whole()
    seen: list[str] = []
    keep(SIEVE, 1, lambda folder: seen.extend(path.name for path in folder.iterdir()), told)
    assert seen == ["sieve.jar.part"]


def test_no_space_is_said_before_anything_is_fetched(cache: Path, told: Told) -> None:
    with says(CannotGet, "no space left in", "sieve takes 1000000000 MB", "MB are free", "XDG_CACHE_HOME"):
        keep(SIEVE, 10**15, lambda folder: pytest.fail("there is no room"), told)
    assert list(cache.iterdir()) == []


def test_a_disk_that_fills_up_meanwhile_is_said_and_what_was_written_is_gone(cache: Path, told: Told) -> None:
    def full(folder: Path) -> None:
        fill(folder)
        raise OSError(errno.ENOSPC, "No space left on device")

    with says(CannotGet, "no space left in", "sieve takes 1 MB"):
        keep(SIEVE, 1, full, told)
    assert list(cache.iterdir()) == []


def test_a_cache_where_a_file_is_in_the_way_is_named(told: Told, cache: Path) -> None:
    cache.parent.parent.mkdir(parents=True)
    cache.parent.write_text("")
    with says(CannotGet, "cannot be written", "XDG_CACHE_HOME"):
        keep(SIEVE, 1, fill, told)


def test_of_two_who_want_the_same_one_makes_it_and_the_other_waits(told: Told) -> None:
    begun, go_on, made = threading.Event(), threading.Event(), []

    def slowly(folder: Path) -> None:
        made.append(folder)
        begun.set()
        assert go_on.wait(30)
        fill(folder)

    class Other(Told):
        def say(self, text: Text) -> None:
            super().say(text)
            go_on.set()

    first = threading.Thread(target=keep, args=(SIEVE, 1, slowly, told))
    first.start()
    assert begun.wait(30)
    keep(SIEVE, 1, slowly, other := Other())
    first.join()
    assert len(made) == 1
    assert "waiting" in other.said[0].en


def _half(reached: multiprocessing.synchronize.Event) -> None:
    def fill_half(folder: Path) -> None:
        (folder / "sieve-server").write_text("pro")
        reached.set()
        signal.pause()

    keep(SIEVE, 1, fill_half, Report())


def test_after_a_kill_the_half_is_not_taken_for_whole_and_the_lock_is_free(told: Told) -> None:
    context = multiprocessing.get_context("fork")
    reached = context.Event()
    child = context.Process(target=_half, args=(reached,))
    child.start()
    assert reached.wait(30)
    assert child.pid is not None
    os.kill(child.pid, signal.SIGKILL)
    child.join()
    assert not SIEVE.is_whole()
    keep(SIEVE, 1, fill, told)
    assert SIEVE.program.read_text() == "program"


def test_every_trouble_has_both_languages() -> None:
    texts = [value for value in vars(trouble).values() if isinstance(value, Text)]
    assert texts
    assert all(text.zh and text.zh != text.en for text in texts)
