"""A healthy service, but its second instance raises while it is imported."""

from __future__ import annotations

from tests.support.services.tiny import NAME, app

__all__ = ["app"]

if NAME.endswith("-2"):
    raise RuntimeError("this shelf is taken")
