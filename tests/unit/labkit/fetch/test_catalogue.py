"""What is pinned is whole: every hash, every file once, and the versions that the coordinates name."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import PurePosixPath

import pytest

from labkit.fetch.catalogue import SOURCES
from labkit.fetch.fetch import cost
from labkit.substrates.source import Go, Maven, Source, Wheel

ALL = [pytest.param(source, id=f"{name}-{type(source).__name__}") for name, sources in SOURCES.items() for source in sources]


@pytest.mark.parametrize("source", ALL)
def test_it_says_what_it_takes(source: Source) -> None:
    assert "MB" in cost(source).en
    assert "MB" in cost(source).zh
    assert SOURCES[source.name]


@pytest.mark.parametrize("source", [param for param in ALL if isinstance(param.values[0], Maven)])
def test_a_set_of_jars_has_each_once_with_its_hash(source: Maven) -> None:
    jars = source.jars
    assert all(re.fullmatch(r"[0-9a-f]{64}", jar.sha256) and jar.size > 0 for jar in jars)
    assert max(Counter(PurePosixPath(jar.path).name for jar in jars).values()) == 1  # they lie side by side
    _, artifact, version = source.coordinates.split(":")
    assert any(jar.path.endswith(f"/{artifact}/{version}/{artifact}-{version}.jar") for jar in jars)
    assert source.coordinates in source.lock.read_text("utf-8").splitlines()[0]


@pytest.mark.parametrize("source", [param for param in ALL if isinstance(param.values[0], Wheel)])
def test_a_wheel_is_of_the_version_for_intel_and_arm(source: Wheel) -> None:
    names = [file.filename for file in source.files]
    assert all(f"-{source.version}-" in name for name in names)
    assert {"x86_64", "aarch64"} <= {re.split(r"manylinux[\d_]+?_(?=x86|aarch)", name)[-1].split(".")[0] for name in names}
    assert all(re.fullmatch(r"[0-9a-f]{64}", file.sha256) and file.size > 0 for file in source.files)


@pytest.mark.parametrize("source", [param for param in ALL if isinstance(param.values[0], Go)])
def test_what_go_builds_is_pinned_by_both_hashes_of_its_module(source: Go) -> None:
    for part in (f"v{source.version} h1:", f"v{source.version}/go.mod h1:"):
        assert f"{source.module} {part}" in source.sums
