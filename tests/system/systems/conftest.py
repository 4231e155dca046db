"""What the tests of systems share: a lab on each substrate, in which the real program runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labkit import Lab
from tests.support.lab import watched
from tests.support.on import SUBSTRATES, on


@pytest.fixture(scope="module", params=SUBSTRATES)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab on each substrate for each system; nothing of it is left."""
    folder = tmp_path_factory.mktemp("labs")
    with on(request, request.param) as name, watched(folder) as remains:
        with Lab(package="tests.support.services", substrate=name) as one:
            yield one
            remains.look()
        assert remains.seen
