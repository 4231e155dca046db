"""What only an engine can do to a service, it does; where there is none, a sentence says so."""

from __future__ import annotations

import time

import httpx
import pytest

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(300)]


def share(instance: Instance) -> float:
    """Which share of a processor it has while it works."""
    began, used = time.monotonic(), instance.stats().cpu
    instance.get("/work?rounds=20000000", timeout=60)
    return (instance.stats().cpu - used) / (time.monotonic() - began)


def test_a_throttled_instance_has_its_share_of_a_processor_alone(tiny: Service) -> None:
    one, two = tiny.instances
    with one.throttle(0.1):
        throttled = share(one)
        assert throttled <= 0.13, "a period more or less at both ends"
        assert share(two) > 2 * throttled
    assert share(one) > 2 * throttled


def test_a_disconnected_instance_is_reached_by_nobody_and_comes_back(lab: Lab, tiny: Service) -> None:
    caller = lab.service("caller", app="tests.support.services.tiny:app", calls=tiny)
    one, two = tiny.instances
    with one.disconnect():
        with pytest.raises(httpx.TransportError):
            one.get("/ping", timeout=1.0)
        assert two.get("/ping").status_code == 200
    assert one.get("/ping").status_code == 200
    assert sorted(caller.get("/through/tiny/who").json()["instance"] for _ in range(2)) == ["tiny-1", "tiny-2"]


def test_a_disconnected_caller_reaches_nobody(lab: Lab, tiny: Service) -> None:
    """It is asked from inside, since nobody outside can."""
    caller = lab.service("caller", app="tests.support.services.tiny:app", calls=tiny)
    slow = lab.service("slow", app="tests.support.services.tiny:app", calls=caller)
    assert slow.get("/through/caller/who").status_code == 200
    with caller[0].disconnect():
        assert slow.get("/through/caller/who", timeout=10).status_code == 500
    assert slow.get("/through/caller/who").status_code == 200


def test_a_paused_container_is_frozen_by_the_engine(tiny: Service) -> None:
    one = tiny[0]
    with one.pause():
        used = one.stats().cpu
        with pytest.raises(httpx.TimeoutException):
            one.get("/work", timeout=0.5)
        assert one.stats().cpu == used, "frozen by its control group, it cannot even ignore a signal"
    assert one.get("/ping").status_code == 200
