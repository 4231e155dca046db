"""The event loop's lag: what delays it is seen, and forgotten half a second later."""

from __future__ import annotations

import asyncio

import pytest

from mini_services.shop.loop_lag import LoopLag
from tests.unit.mini_services.shop.conftest import Start
from tests.unit.mini_services.shop.neighbours import poll


class Loop:
    """A clock, and a sleep that takes longer than asked by each of `late` in turn and is then cancelled."""

    def __init__(self) -> None:
        self.now, self.late = 0.0, list[float]()

    def clock(self) -> float:
        return self.now

    async def sleep(self, seconds: float) -> None:
        if not self.late:
            raise asyncio.CancelledError
        self.now += seconds + self.late.pop(0)


def test_the_largest_lag_of_the_last_half_second() -> None:
    loop = Loop()
    lag = LoopLag(0.02, 0.5, clock=loop.clock, sleep=loop.sleep)
    assert lag.largest() == 0.0
    for late, largest in [([0.001, 0.3, 0.002], 0.3), ([0.1, 0.1], 0.3), ([0.2, 0.0], 0.2)]:
        loop.late = late
        with pytest.raises(asyncio.CancelledError):
            asyncio.run(lag.measure())
        assert lag.largest() == pytest.approx(largest)
    loop.now += 1.0
    assert lag.largest() == 0.0


def test_a_service_measures_it_all_the_time(start: Start) -> None:
    stock = start("stock")

    async def block() -> None:
        loop_time = asyncio.get_running_loop().time
        end = loop_time() + 0.1
        while loop_time() < end:
            pass

    assert stock.users.portal
    stock.users.portal.call(block)
    poll(lambda: stock.metrics()["event_loop_lag_seconds"] >= 0.07)
