"""What the system tests of labs share: a watched place, a language, and labs that are closed whatever happens."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.lab import watched
from tests.support.remains import Remains


@pytest.fixture
def remains(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Remains]:
    """A private place for labs, of which nothing may be left when the test is over."""
    monkeypatch.setenv("LABKIT_LANGUAGE", "en")
    with watched(tmp_path) as place:
        yield place
