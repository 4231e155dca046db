"""What the tests of labs in containers share: one lab, whose engine is the tests'."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.lab import watched
from tests.support.on import on

collect_ignore = [] if os.geteuid() == 0 else ["test_engine.py"]  # only root has an engine of the tests' own


@pytest.fixture(scope="module")
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab of containers for all tests that leave it usable."""
    folder = tmp_path_factory.mktemp("labs")
    with on(request, "docker"), watched(folder), Lab(package="tests.support.services", substrate="docker") as one:
        yield one


@pytest.fixture
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=2)
