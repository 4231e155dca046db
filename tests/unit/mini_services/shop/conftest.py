"""What the shop's tests share."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest

from tests.unit.mini_services.shop.neighbours import Callee, Running, running

Start = Callable[..., Running]
_ALTERNATIVES = ("second_warehouse", "other_orders")


@pytest.fixture
def callee() -> Callee:
    """A neighbour that answers until it is told otherwise."""
    return Callee()


@pytest.fixture
def start() -> Iterator[Start]:
    """``start("orders", stock=callee, THREADS=4)``: a running service, with its callees and its settings."""
    with ExitStack() as stack:

        def one(name: str, **told: object) -> Running:
            callees = {key: value for key, value in told.items() if isinstance(value, Callee)}
            addresses = {_setting(key): "http://callee" for key in callees}
            settings = {key: value for key, value in told.items() if key not in callees}
            service = stack.enter_context(running(name, {**addresses, **settings}))
            for key, callee in callees.items():
                service.connect(key, callee)
            return service

        yield one


def _setting(callee: str) -> str:
    return "ALTERNATIVE_URL" if callee in _ALTERNATIVES else f"{callee.upper()}_URL"
