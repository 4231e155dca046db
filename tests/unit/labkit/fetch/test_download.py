"""A file comes whole and is the pinned one, whatever its server does; or the error says why and what to do."""

from __future__ import annotations

import hashlib
import random
import socket
from pathlib import Path

import httpx
import pytest

from labkit.fetch.download import Pinned, download
from labkit.fetch.trouble import CannotGet, CutOff, NotReached
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told
from tests.unit.labkit.fetch.registry import Registry

CONTENT = random.Random(6).randbytes(300_000)


def pinned(registry: Registry, content: bytes = CONTENT) -> Pinned:
    """The file that is served, or was meant to be."""
    registry.files.setdefault("a/file.jar", content)
    return Pinned(registry.url("a/file.jar"), hashlib.sha256(content).hexdigest(), len(content))


class Pauses(list[float]):
    """Waits no time, and notes how long it would have been."""

    def __call__(self, seconds: float) -> None:
        self.append(seconds)


def test_a_file_comes_whole_and_is_counted(registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    download(web, pinned(registry), tmp_path / "file.jar", told)
    assert (tmp_path / "file.jar").read_bytes() == CONTENT
    assert (told.here, told.again) == (len(CONTENT), 0)
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file.jar"]


def test_what_broke_off_is_resumed_at_once(registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    registry.cuts = [100_000, 50_000]
    pauses = Pauses()
    download(web, pinned(registry), tmp_path / "file.jar", told, pauses)
    assert (tmp_path / "file.jar").read_bytes() == CONTENT
    assert [first for _, first in registry.asked] == [0, 100_000, 150_000]
    assert pauses == [0.5, 0.5]  # each brought something, so patience begins anew
    assert told.here == len(CONTENT)


def test_a_server_that_breaks_off_without_end_is_given_up_and_the_next_time_goes_on(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    registry.cuts = [100_000, 0, 0, 0, 0]
    with says(CutOff, "file.jar", "127.0.0.1", "0.1 of 0.3 MB", "goes on from there"):
        download(web, pinned(registry), tmp_path / "file.jar", told, Pauses())
    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["file.jar.part"]
    registry.asked.clear()
    download(web, pinned(registry), tmp_path / "file.jar", again := Told())
    assert [first for _, first in registry.asked] == [100_000]
    assert (again.again, again.here) == (100_000, len(CONTENT))


def test_a_server_that_cannot_begin_in_the_middle_gives_it_from_the_start(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    registry.ranges, registry.cuts = False, [100_000]
    download(web, pinned(registry), tmp_path / "file.jar", told, Pauses())
    assert (tmp_path / "file.jar").read_bytes() == CONTENT
    assert told.here == len(CONTENT)


def test_another_file_than_the_pinned_one_is_thrown_away(registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    registry.files["a/file.jar"] = b"x" + CONTENT[1:]
    with says(CannotGet, "file.jar from 127.0.0.1", "not the one that is pinned", "thrown away", "Try again"):
        download(web, pinned(registry), tmp_path / "file.jar", told, Pauses())
    assert [path for path in tmp_path.iterdir() if path.is_file()] == []
    assert told.here == 0


@pytest.mark.parametrize("served", [CONTENT + b"more", CONTENT[:-1]], ids=["longer", "shorter"])
def test_a_file_of_another_length_is_not_taken(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told, served: bytes) -> None:
    registry.files["a/file.jar"] = served
    with pytest.raises(CannotGet):
        download(web, pinned(registry), tmp_path / "file.jar", told, Pauses())
    assert not (tmp_path / "file.jar").exists()


def test_a_beginning_of_another_file_is_found_out_and_all_of_it_comes_again(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    (tmp_path / "file.jar.part").write_bytes(b"not its beginning")
    download(web, pinned(registry), tmp_path / "file.jar", told, Pauses())
    assert (tmp_path / "file.jar").read_bytes() == CONTENT
    assert [first for _, first in registry.asked] == [17, 0]


def test_a_file_that_is_there_is_not_fetched_unless_it_is_another(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    (tmp_path / "file.jar").write_bytes(CONTENT)
    download(web, pinned(registry), tmp_path / "file.jar", told)
    assert registry.asked == []
    (tmp_path / "file.jar").write_bytes(b"else")
    download(web, pinned(registry), tmp_path / "file.jar", told)
    assert (tmp_path / "file.jar").read_bytes() == CONTENT


def test_a_server_that_is_busy_is_asked_again_later(registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    registry.statuses = [503, 429]
    download(web, pinned(registry), tmp_path / "file.jar", told, pauses := Pauses())
    assert pauses == [0.5, 1.0]


def test_a_file_that_the_server_does_not_have_is_said_at_once(
        registry: Registry, web: httpx.Client, tmp_path: Path, told: Told) -> None:
    with says(NotReached, "127.0.0.1", "does not give file.jar", "404", "mirror"):
        download(web, Pinned(registry.url("none/file.jar"), "0" * 64, 1), tmp_path / "file.jar", told, pauses := Pauses())
    assert pauses == []


def test_a_registry_that_is_not_reachable_is_named(web: httpx.Client, tmp_path: Path, told: Told) -> None:
    with socket.socket() as nobody:  # bound, so nobody else gets the port, and not listening
        nobody.bind(("127.0.0.1", 0))
        address = f"127.0.0.1:{nobody.getsockname()[1]}"
        with says(NotReached, f"{address} cannot be reached", "Connection refused", "Connect to the network", "HTTPS_PROXY"):
            download(web, Pinned(f"http://{address}/file.jar", "0" * 64, 1), tmp_path / "file.jar", told, pauses := Pauses())
    assert pauses == [0.5, 1.0, 2.0, 4.0]
