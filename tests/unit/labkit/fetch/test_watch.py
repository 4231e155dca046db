"""A download by another program is told while its files grow."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.fetch.watch import watched
from tests.support.waiting import wait_for
from tests.unit.labkit.fetch.conftest import Told


def test_what_has_come_is_told_meanwhile_and_counts_once_under_its_new_name(tmp_path: Path, told: Told) -> None:
    (tmp_path / "go.zip3.tmp").write_bytes(bytes(70))  # of a download that was ended
    (tmp_path / "other").write_bytes(bytes(5))
    with watched(tmp_path, "go.zip*", 100, told):
        coming = tmp_path / "go.zip7.tmp"
        for size in (40, 100):
            coming.write_bytes(bytes(size))
            wait_for(lambda size=size: told.here == size, "so much is told")
        coming.rename(tmp_path / "go.zip")
    assert (told.size, told.again, told.here) == (100, 0, 100)


def test_what_came_before_it_broke_off_is_told(tmp_path: Path, told: Told) -> None:
    def download() -> None:
        with watched(tmp_path, "*.deb", 100, told):
            (tmp_path / "sieve.deb").write_bytes(bytes(30))
            raise OSError("the network went")

    with pytest.raises(OSError, match="the network went"):
        download()
    assert told.here == 30


def test_a_folder_that_is_not_there_yet_has_nothing(tmp_path: Path, told: Told) -> None:
    with watched(tmp_path / "later", "*.zip", 100, told):
        pass
    assert told.here == 0
