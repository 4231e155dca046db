"""What the tests of faults on real connections share: a proxy on each event loop, upstreams, and routes to them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labkit.faults.control import ProxyControl
from tests.system.faults.bench import LOOPS, Echo, Http, Link, Upstream, proxy_on, serving


@pytest.fixture(scope="package", params=LOOPS)
def control(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProxyControl]:
    """One proxy for all tests here, on each event loop that it may run on."""
    with proxy_on(request.param, tmp_path_factory.mktemp("hidden")) as proxy:
        yield proxy.control


@pytest.fixture
def echo() -> Iterator[Upstream]:
    with serving(Echo) as upstream:
        yield upstream


@pytest.fixture
def http() -> Iterator[Upstream]:
    with serving(Http) as upstream:
        yield upstream


@pytest.fixture
def link(control: ProxyControl, echo: Upstream) -> Iterator[Link]:
    with Link(control, "echo", echo) as made:
        yield made


@pytest.fixture
def web(control: ProxyControl, http: Upstream) -> Iterator[Link]:
    with Link(control, "http", http) as made:
        yield made
