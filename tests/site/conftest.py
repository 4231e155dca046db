"""What tests in a real browser share: one browser, and this book's own site, built once for all workers and served.

A test that looks at the site's own pages takes ``site``: ``./run site`` built it, with each lab's run (a lab is run only
when its code or labkit has changed since the last run). What needs no lab takes a small book instead (tests/books).
"""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from book.tools.tree import HERE
from tests.support.chromium import launched, served
from tests.support.pages_host import hosted

BUILD_SECONDS = 1500  # every lab is run for the site, one after the other: 6 minutes on a quiet machine


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Whichever test comes first to the site waits while it is built."""
    for item in items:
        if "built_site" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.timeout(BUILD_SECONDS))


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of all tests here."""
    with launched() as browser:
        yield browser


@pytest.fixture(scope="session")
def built_site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of this book's site, both languages, freshly built."""
    folder = tmp_path_factory.getbasetemp()
    with (folder.parent if "PYTEST_XDIST_WORKER" in os.environ else folder).joinpath("site").open("a+") as built:
        fcntl.flock(built, fcntl.LOCK_EX)
        built.seek(0)
        if not built.read():
            _build()
            built.write("built")
    return HERE.site


def _build() -> None:
    done = subprocess.run([sys.executable, str(HERE.root / "book" / "build.py")], text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, cwd=HERE.root)
    assert done.returncode == 0, done.stdout


@pytest.fixture(scope="session")
def site(built_site: Path) -> Iterator[str]:
    """The address of this book's site."""
    with served(built_site) as address:
        yield address


@pytest.fixture(scope="session")
def host(built_site: Path) -> Iterator[str]:
    """The same site under a project's path, on a host that compresses, as the one that it is published on."""
    with hosted(built_site) as address:
        yield address
