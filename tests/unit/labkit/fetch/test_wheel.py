"""A program out of a wheel, by whichever index pip uses; the environment stays as it is."""

from __future__ import annotations

import hashlib
import io
import json
import os
import socket
import zipfile
from pathlib import Path

import pytest
from packaging import tags

from labkit.fetch import download as module
from labkit.fetch.fetch import fetch
from labkit.fetch.trouble import CannotGet, NotReached
from labkit.substrates.source import Wheel, WheelFile
from tests.support.says import says
from tests.unit.labkit.fetch.conftest import Told
from tests.unit.labkit.fetch.registry import Registry

PLATFORM = next(tag.platform for tag in tags.sys_tags())
NAME = f"sieve_bin-2.4-py3-none-{PLATFORM}.whl"
OTHER = "sieve_bin-2.4-py3-none-manylinux2014_s390x.whl"


def wheel() -> bytes:
    """One with a program in it."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("sieve_bin-2.4.data/scripts/sieve", "#!/bin/sh\necho sieve 2.4\n")
        archive.writestr("sieve_bin-2.4.dist-info/METADATA", "Name: sieve-bin\n")
    return packed.getvalue()


def source(*names: str) -> Wheel:
    """From a wheel of each of these names."""
    content = wheel()
    file = [WheelFile(name, hashlib.sha256(content).hexdigest(), len(content)) for name in names]
    return Wheel("sieve", "sieve", "2.4", "sieve-bin", "sieve_bin-2.4.data/scripts/sieve", file)


@pytest.fixture(params=["json", "html"])
def index(request: pytest.FixtureRequest, registry: Registry, monkeypatch: pytest.MonkeyPatch) -> Registry:
    """An index that has both, as PEP 691 or as PEP 503 has it."""
    monkeypatch.setenv("PIP_INDEX_URL", registry.url("simple/"))
    monkeypatch.setattr(module, "_PAUSES", (0.0,))
    registry.files |= {f"files/{NAME}": wheel(), f"files/{OTHER}": wheel()}
    links = {NAME: f"../../files/{NAME}", OTHER: registry.url(f"files/{OTHER}#sha256=x")}
    if request.param == "json":
        page = json.dumps({"files": [{"filename": name, "url": url} for name, url in links.items()]})
        registry.types["simple/sieve-bin/"] = "application/vnd.pypi.simple.v1+json"
    else:
        page = "".join(f'<a class="x" href="{url}">{name}</a>' for name, url in links.items())
    registry.files["simple/sieve-bin/"] = page.encode()
    return registry


def test_the_program_for_this_machine_is_unpacked_and_runs(index: Registry, told: Told) -> None:
    sieve = source(OTHER, NAME)
    fetch(sieve, told)
    assert sieve.is_whole()
    assert os.popen(str(sieve.program)).read() == "sieve 2.4\n"
    assert sorted(path.name for path in sieve.folder.iterdir()) == [".contents", "sieve"]
    assert [path for path, _ in index.asked] == ["simple/sieve-bin/", f"files/{NAME}"]


def test_one_that_is_not_the_pinned_one_leaves_nothing(index: Registry, told: Told, cache: Path) -> None:
    index.files[f"files/{NAME}"] = b"x" * len(wheel())
    with says(CannotGet, NAME, "not the one that is pinned"):
        fetch(source(NAME), told)
    assert list(cache.iterdir()) == []


def test_an_index_that_lacks_the_version_is_named(index: Registry, told: Told) -> None:
    name = NAME.replace("2.4-py3", "2.4-1-py3")
    with says(NotReached, "package index 127.0.0.1", f"does not have {name}"):
        fetch(source(name), told)


def test_a_machine_for_which_there_is_none_is_told_for_which_there_are(index: Registry, told: Told, cache: Path) -> None:
    with says(CannotGet, "sieve 2.4 is not made for this machine", "manylinux2014_s390x", "Docker"):
        fetch(source(OTHER), told)
    assert index.asked == []
    assert not cache.exists()


def test_an_index_that_cannot_be_reached_is_named(told: Told, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as nobody:
        nobody.bind(("127.0.0.1", 0))
        monkeypatch.setenv("PIP_INDEX_URL", f"http://127.0.0.1:{nobody.getsockname()[1]}/simple")
        with says(NotReached, "package index 127.0.0.1", "cannot be reached", "Connect to the network"):
            fetch(source(NAME), told)
