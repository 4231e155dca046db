"""Redis for real, on each substrate: started, used through redis-py, broken, ended."""

from __future__ import annotations

import time

import pytest
import redis

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("redis")


@pytest.fixture
def store(lab: Lab) -> Service:
    return lab.system("redis")


def test_it_answers_in_its_own_protocol_at_its_address(lab: Lab, store: Service) -> None:
    client = store.client()
    client.set("cups", 3)
    assert client.incr("cups") == 4
    assert redis.Redis.from_url(store.url, decode_responses=True).get("cups") == "4"


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    store = lab.system("redis")
    version = store.client().info("server")["redis_version"]
    line = capsys.readouterr().out
    assert line.startswith(f"redis {version}: 1 instance(s) at redis://127.0.0.1:"), "the version of what runs"


def test_a_service_that_calls_it_is_told_its_address(lab: Lab, store: Service) -> None:
    tiny = lab.service("tiny", calls=store)
    assert tiny.get("/environment/REDIS_URL").json().startswith("redis://")


def test_its_settings_are_those_that_were_asked_for(lab: Lab) -> None:
    store = lab.system("redis", memory="8mb", policy="allkeys-lru").client()
    kept = store.config_get("maxmemory*")
    assert (kept["maxmemory"], kept["maxmemory-policy"]) == (str(8 << 20), "allkeys-lru")


def test_it_evicts_what_it_has_no_room_for(lab: Lab) -> None:
    store = lab.system("redis", memory="4mb", policy="allkeys-lru").client()
    for number in range(64):
        store.set(f"key-{number}", "x" * 100_000)
    assert 0 < store.dbsize() < 64
    assert store.info("stats")["evicted_keys"] > 0


def test_an_unknown_setting_is_told_with_the_nearest(lab: Lab) -> None:
    with pytest.raises((LookupError, TypeError, ValueError), match=r"memry.*memory"):
        lab.system("redis", memry="8mb")


def test_a_latency_on_the_way_to_it_is_felt(lab: Lab, store: Service) -> None:
    client = store.client()
    client.ping()
    with lab.link("users", store).latency(3.0), pytest.raises(redis.TimeoutError):
        client.ping()
    assert client.ping()


def test_a_killed_one_refuses_and_comes_back_empty(store: Service) -> None:
    client = store.client()
    client.set("cups", 3)
    killed = store.kill()
    with pytest.raises((redis.ConnectionError, redis.TimeoutError)):
        client.get("cups")
    killed.lift()
    assert wait_for(lambda: store.client().ping(), "it answers again")
    assert store.client().get("cups") is None


def test_a_paused_one_hangs_and_loses_nothing(store: Service) -> None:
    client = store.client()
    client.set("cups", 3)
    began = time.monotonic()
    with store.pause(), pytest.raises(redis.TimeoutError):
        client.get("cups")
    assert time.monotonic() - began < 10, "it gives up after two seconds, and does not try again by itself"
    assert client.get("cups") == "3"
