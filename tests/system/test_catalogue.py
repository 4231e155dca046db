"""The catalogue's copies and its limit with a real Redis, over several instances, on every substrate."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from labkit import Lab
from labkit.handles.instance import Instance
from tests.support.lab import watched
from tests.support.on import SUBSTRATES, on
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("redis")


@pytest.fixture(scope="module", params=SUBSTRATES)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    folder = tmp_path_factory.mktemp("labs")
    with on(request, request.param) as name, watched(folder) as remains, Lab(substrate=name) as one:
        one.service("database", items=20, reviews=100)
        one.system("redis")
        yield one
        remains.look()


def catalogue(lab: Lab, **settings: object) -> list[Instance]:
    """Two instances over a Redis that knows nothing yet."""
    redis = lab._fleet.services["redis"]
    redis.client().flushall()
    return lab.service("catalogue", calls=[lab._fleet.services["database"], redis], instances=2, **settings).instances


def revision(instance: Instance, item: int = 1) -> int:
    return int(instance.get(f"/items/{item}").headers["X-Revision"])


def change(instance: Instance, item: int = 1) -> int:
    return int(instance.post(f"/items/{item}/price").headers["X-Revision"])


def test_alone_an_instance_is_told_of_no_change(lab: Lab) -> None:
    one, two = catalogue(lab, cache="embedded")
    old = revision(one)
    new = change(two)
    assert (revision(one), revision(two)) == (old, new)


def test_news_of_a_change_reach_every_instance(lab: Lab) -> None:
    one, two = catalogue(lab, cache="embedded", invalidate=True)
    for _ in range(5):
        revision(one)
        new = change(two)
        wait_for(lambda new=new: revision(one) == new, "the other instance knows of the change")
    assert one.metrics()["embedded_hit_seconds_count"] > 0


def test_who_was_deaf_keeps_nothing_meanwhile_and_nothing_old_after(lab: Lab) -> None:
    one, two = catalogue(lab, cache="embedded", invalidate=True)
    old = revision(one)
    with lab._fleet.services["redis"].kill():
        wait_for(lambda: _queries(one) == 2, "it keeps nothing, for it is deaf")
        new = change(two)
        assert new > old
        assert revision(one) == new
    wait_for(lambda: _queries(one) == 0, "it hears again, and keeps copies")
    assert revision(one) == new


def test_in_redis_one_sees_what_the_other_has_changed(lab: Lab) -> None:
    one, two = catalogue(lab, cache="shared")
    for _ in range(5):
        revision(one)
        new = change(two)
        assert (revision(one), revision(two)) == (new, new)
    assert one.metrics()["shared_hit_seconds_count"] > 0


def test_what_was_loaded_before_a_change_is_not_kept_after_it(lab: Lab) -> None:
    one, _ = catalogue(lab, cache="shared")
    store, new = lab._fleet.services["redis"].client(), change(one)
    store.hset("item:1", mapping={"revision": new + 5, "content": ""})  # another instance has just changed it
    assert revision(one) == new, "it was asked while that was so"
    assert store.hget("item:1", "revision") == str(new + 5)
    assert store.hget("item:1", "content") == ""


def test_behind_its_own_memory_an_instance_asks_redis_and_then_the_database(lab: Lab) -> None:
    one, two = catalogue(lab, cache="both")
    for instance in (one, one, two, two):
        revision(instance, 7)
    counts = [[instance.metrics()[f"{layer}_seconds_count"] for layer in ("embedded_hit", "shared_hit", "database")]
              for instance in (one, two)]
    assert counts == [[1, 0, 1], [1, 1, 0]]


@pytest.mark.parametrize(("shared", "admitted"), [(False, 10), (True, 5)])
def test_a_limit_is_each_instances_own_or_that_of_all(lab: Lab, shared: bool, admitted: int) -> None:
    """A rate so low that no token comes back meanwhile: what passes is the burst."""
    instances = catalogue(lab, cache="embedded", limit=0.001, limit_burst=5, limit_shared=shared)
    statuses = [instance.get("/items/1").status_code for _ in range(10) for instance in instances]
    assert statuses.count(200) == admitted
    assert statuses.count(429) == 20 - admitted


def _queries(instance: Instance) -> int:
    """Calls of the database for two looks at the same page: none, once it is kept."""
    before = instance.metrics()["database_seconds_count"]
    for _ in range(2):
        revision(instance, 9)
    return int(instance.metrics()["database_seconds_count"] - before)

