"""What the tests of the faults share."""

from __future__ import annotations

import pytest

from tests.unit.labkit.faults.virtual import VirtualClock


@pytest.fixture(autouse=True)
def _english(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "en")


@pytest.fixture
def clock() -> VirtualClock:
    return VirtualClock()
