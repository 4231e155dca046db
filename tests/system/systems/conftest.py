"""What the tests of systems share: a lab on each substrate, in which the real program runs."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from labkit import Lab
from labkit.handles.service import Service
from labkit.substrates.docker_container import Troubles
from tests.support.lab import watched
from tests.support.on import SUBSTRATES, on

_LAST_LINES = 60


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Under a failure, what the systems of the test's lab have written: CI's machine is gone when one reads of it."""
    report = yield
    lab = getattr(item, "funcargs", {}).get("lab")
    if report.failed and isinstance(lab, Lab):
        for service in lab._fleet.services.values():
            report.sections.append((f"last lines of {service.name}", _last_lines(service)))
    return report


def _last_lines(service: Service) -> str:
    """A report that raised would end the whole run, and the engine may be what has failed."""
    try:
        return "\n".join(service.logs(_LAST_LINES))
    except Troubles as trouble:
        return f"not to be read: {trouble}"


@pytest.fixture(scope="module", params=SUBSTRATES)
def lab(request: pytest.FixtureRequest) -> Iterator[Lab]:
    """One lab on each substrate for each system; nothing of it is left. pytest's folders are for their owner alone."""
    with TemporaryDirectory(prefix="labs-") as made, on(request, request.param) as name, watched(Path(made)) as remains:
        Path(made).chmod(0o711)  # as /tmp is, for those that root runs as nobody
        with Lab(package="tests.support.services", substrate=name) as one:
            yield one
            remains.look()
        assert remains.seen
