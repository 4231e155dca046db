"""An error is one sentence that says what was wrong and what to do, and no traceback of ours comes before it."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

import pytest

__all__ = ["says"]


@contextlib.contextmanager
def says(error: type[Exception], *parts: str, log: str = "") -> Iterator[None]:
    """Raised is this error alone; its last line has these parts in this order, and the lines before are of a log."""
    with pytest.raises(error) as told:
        yield
    *before, last = str(told.value).splitlines()
    at = [last.find(part) for part in parts]
    assert min(at) >= 0, last
    assert at == sorted(at), last
    assert log in "\n".join(before)
    assert bool(before) == bool(log)
    chained = told.value.__cause__ or (None if told.value.__suppress_context__ else told.value.__context__)
    assert chained is None, "another error's traceback comes before it"
