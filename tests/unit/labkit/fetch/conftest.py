"""A registry, and a cache of one's own."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from labkit.fetch.report import Report
from labkit.language import Text
from tests.unit.labkit.fetch.registry import Registry, serving


class Told(Report):
    """What was said, and the bytes that are here by what was told."""

    def __init__(self) -> None:
        super().__init__()
        self.said: list[Text] = []
        self.size = self.here = self.again = 0

    def say(self, text: Text) -> None:
        self.said.append(text)

    def total(self, size: int) -> None:
        self.size = size

    def had(self, size: int) -> None:
        self.again += size
        self.here += size

    def came(self, size: int) -> None:
        self.here += size


@pytest.fixture
def told() -> Told:
    return Told()


@pytest.fixture
def registry() -> Iterator[Registry]:
    with serving() as one:
        yield one


@pytest.fixture
def web() -> Iterator[httpx.Client]:
    with httpx.Client(timeout=60.0, trust_env=False) as client:
        yield client


@pytest.fixture(autouse=True)
def cache(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where programs are kept, empty."""
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return tmp_path / "cache" / "microservices-by-experiment" / "programs"
