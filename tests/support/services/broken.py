"""A healthy service, but where the file that ``FLAG`` names is there, it raises while it is imported."""

from __future__ import annotations

import os
from pathlib import Path

from tests.support.services.tiny import app

__all__ = ["app"]

if Path(os.environ["FLAG"]).exists():
    raise RuntimeError("the warehouse has burnt down")
