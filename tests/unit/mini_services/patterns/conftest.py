"""What the patterns' tests share."""

from __future__ import annotations

import pytest

from tests.unit.mini_services.patterns.virtual_time import Clock


@pytest.fixture
def clock() -> Clock:
    """A fresh clock, not at zero."""
    return Clock(1000.0)
