"""labkit: what a notebook of this book imports.

    from labkit import Lab

A service's process imports parts of this package too, so the names below are loaded when they are first used: a
service must not pay for charts and widgets that it never draws.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from labkit.lab import Lab
    from labkit.measure import theory

__all__ = ["Lab", "theory"]

_HOME = {"Lab": "labkit.lab:Lab", "theory": "labkit.measure.theory"}


def __getattr__(name: str) -> Any:
    """Load a public name from its module on first use (PEP 562)."""
    if name not in _HOME:
        raise AttributeError(f"module 'labkit' has no attribute {name!r}")
    module, _, attribute = _HOME[name].partition(":")
    loaded = importlib.import_module(module)
    return getattr(loaded, attribute) if attribute else loaded


def __dir__() -> list[str]:
    return sorted(__all__)
