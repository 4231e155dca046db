"""What the tests of the handles share."""

from __future__ import annotations

import pytest

from tests.unit.labkit.handles.fakes import World


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    """A fleet without processes, in a time of its own."""
    return World(monkeypatch)
