"""What all tests share: which language they read, what they may lack, and no deadline where virtual time rules."""

from __future__ import annotations

import os
from collections.abc import Iterator

import docker
import hypothesis
import pytest

from tests.needs import NEEDS
from tests.support.docker_engine import engine
from tests.support.docker_images import have_all

os.environ["LABKIT_SUBSTRATE"] = "process"  # tests on containers ask for them; an engine that answers decides nothing
os.environ["LABKIT_LANGUAGE"] = "en"  # whoever tests the other one says so; the machine's own language decides nothing

hypothesis.settings.register_profile("book", deadline=None, print_blob=True)  # a busy machine is no bug
hypothesis.settings.load_profile("book")


def pytest_configure(config: pytest.Config) -> None:
    """Make the markers known."""
    config.addinivalue_line("markers", "needs(*names): what of tests/needs.py this test cannot do without")
    config.addinivalue_line("markers", "alone: this test measures, so nothing runs beside it (tests/runner.py)")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Skip what cannot run here; in CI that is a failure."""
    lacking = [name for mark in item.iter_markers("needs") for name in mark.args if not NEEDS[name].here()]
    if lacking and os.environ.get("CI") == "true":
        pytest.fail(f"this machine has no {', '.join(lacking)}, and in CI every check runs", pytrace=False)
    if lacking:
        pytest.skip(f"no {', '.join(lacking)} here: ./run test installs it as root, or says how")


@pytest.fixture(scope="session")
def docker_engine() -> Iterator[str]:
    """The address of a real Docker engine that has the images of the labs."""
    with engine() as address:
        have_all(address)
        yield address


@pytest.fixture
def docker_client(docker_engine: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[docker.DockerClient]:
    """A client of that engine, to which DOCKER_HOST points while the test runs."""
    monkeypatch.setenv("DOCKER_HOST", docker_engine)
    client = docker.DockerClient(base_url=docker_engine)
    yield client
    client.close()
