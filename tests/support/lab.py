"""A lab for one test: its own mark and folder, and a look afterwards that nothing of it is left."""

from __future__ import annotations

import contextlib
import os
import secrets
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.remains import MARK, Remains

__all__ = ["watched"]


@contextlib.contextmanager
def watched(folder: Path) -> Iterator[Remains]:
    """Whatever is started in here carries a mark, has its folder below ``folder``, and must be gone at the end."""
    with pytest.MonkeyPatch.context() as patch:
        remains = Remains(secrets.token_hex(8), folder, os.getpid(), os.environ.get("DOCKER_HOST", ""))
        patch.setenv(MARK, remains.mark)
        patch.setenv("LABKIT_TMP", str(folder))
        try:
            yield remains
            remains.assert_gone(but=os.getpid())
        finally:
            remains.end()
