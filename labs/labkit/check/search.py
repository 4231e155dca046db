"""Searching for the smallest example that breaks a promise, with Hypothesis behind it (MacIver and others 2019).

Every search is the same on every machine: it is derandomised, has no deadline, and leaves no file behind.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TypeVar

from hypothesis import HealthCheck, Phase, Verbosity, find, settings
from hypothesis.configuration import set_hypothesis_home_dir
from hypothesis.errors import Flaky, NoSuchExample
from hypothesis.strategies import SearchStrategy

__all__ = ["Unsteady", "smallest"]

E = TypeVar("E")

_SETTINGS = settings(database=None, deadline=None, derandomize=True, max_examples=100, print_blob=False,
                     verbosity=Verbosity.quiet, phases=(Phase.generate, Phase.shrink),
                     suppress_health_check=list(HealthCheck))


class Unsteady(Exception):
    """The same example broke the promise once, and not the next time."""


def smallest(examples: SearchStrategy[E], breaks: Callable[[E], bool], first: Iterable[E] = ()) -> E | None:
    """The smallest example for which ``breaks`` is true, or None; ``first`` are tried before all others."""
    for example in first:
        if breaks(example):
            return example
    try:
        with _no_folder():
            return find(examples, breaks, settings=_SETTINGS)
    except NoSuchExample:
        return None
    except Flaky as error:
        raise Unsteady from error


@contextmanager
def _no_folder() -> Iterator[None]:
    """Keep Hypothesis from leaving a folder of its own beside the notebook; it does without where it cannot write."""
    set_hypothesis_home_dir(Path(os.devnull) / "hypothesis")
    try:
        yield
    finally:
        set_hypothesis_home_dir(None)
