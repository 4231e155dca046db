"""Whether this is a check that nobody watches: then what a reader would merely be shown is a failure."""

from __future__ import annotations

import os

__all__ = ["in_ci"]


def in_ci() -> bool:
    """True where the environment says ``CI=true``, as every common CI does."""
    return os.environ.get("CI", "").lower() in ("1", "true", "yes")
