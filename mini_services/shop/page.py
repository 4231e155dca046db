"""An item's page, as it goes over the wire and as caches keep it."""

from __future__ import annotations

from typing import NamedTuple

__all__ = ["Page"]


class Page(NamedTuple):
    """`content` is JSON; `revision` counts the changes of its item, so that of two pages one can tell the older."""

    revision: int
    content: bytes
