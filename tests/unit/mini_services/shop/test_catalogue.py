"""The catalogue and its database: pages, prices, copies, and what becomes of them when something is changed or gone."""

from __future__ import annotations

import httpx
import pytest

from tests.unit.mini_services.shop.conftest import Start
from tests.unit.mini_services.shop.neighbours import Callee, Running


def shop(start: Start, **settings: object) -> tuple[Running, Running, Callee]:
    """The catalogue before a small database, within this process, and what it has asked of it."""
    database, between = start("database", ITEMS=5, REVIEWS=50), Callee()
    between.does = lambda request: _forward(request, database)
    return start("catalogue", database=between, **settings), database, between


def _forward(request: httpx.Request, service: Running) -> httpx.Response:
    answer = service.users.request(request.method, request.url.path)
    return httpx.Response(answer.status_code, content=answer.content)


def test_a_page_comes_from_the_reviews_of_its_item_alone(start: Start) -> None:
    database = start("database", ITEMS=5, REVIEWS=50)
    page = database.users.get("/items/2").json()
    assert page == {"item": 2, "name": "item 2", "cents": 1001, "revision": 1, "reviews": 10, "stars": 2.0}
    assert database.users.get("/items/6").status_code == 404


def test_no_index_helps_the_query_that_is_to_cost_something(start: Start) -> None:
    module = start("database", ITEMS=5, REVIEWS=50).module
    plan = module.connection.execute("EXPLAIN QUERY PLAN " + module.PAGE, {"item": 1}).fetchall()
    assert any("SCAN reviews" in row[-1] and "INDEX" not in row[-1] for row in plan)


def test_its_cost_is_counted_and_timed(start: Start) -> None:
    database = start("database", ITEMS=5, REVIEWS=50)
    for item in (1, 2, 9):
        database.users.get(f"/items/{item}")
    metrics = database.metrics()
    assert metrics["query_seconds_count"] == 3
    assert metrics["query_seconds_sum"] > 0


def test_a_new_price_is_a_new_revision_and_every_later_page_has_it(start: Start) -> None:
    catalogue, _, _ = shop(start)
    before = catalogue.users.get("/items/1")
    changed = catalogue.users.post("/items/1/price")
    after = catalogue.users.get("/items/1")
    assert [answer.headers["X-Revision"] for answer in (before, changed, after)] == ["1", "2", "2"]
    assert after.json()["cents"] == before.json()["cents"] + 1
    assert catalogue.users.get("/items/2").headers["X-Revision"] == "1"


def test_without_a_cache_each_page_is_a_query(start: Start) -> None:
    catalogue, _, asked = shop(start)
    assert [catalogue.users.get("/items/1").status_code for _ in range(3)] == [200] * 3
    assert len(asked.requests) == 3


@pytest.mark.parametrize("policy", ["lru", "lfu"])
def test_an_embedded_cache_asks_once_and_counts_its_hits(start: Start, policy: str) -> None:
    catalogue, _, asked = shop(start, CACHE="embedded", POLICY=policy)
    pages = [catalogue.users.get("/items/1").json() for _ in range(4)]
    assert all(page == pages[0] for page in pages)
    assert len(asked.requests) == 1
    metrics = catalogue.metrics()
    assert (metrics["lookup_seconds_count"], metrics["embedded_hit_seconds_count"], metrics["database_seconds_count"]) == (4, 3, 1)


def test_it_keeps_no_more_than_its_size(start: Start) -> None:
    catalogue, _, asked = shop(start, CACHE="embedded", SIZE=2)
    for item in (1, 2, 3, 1, 3):
        catalogue.users.get(f"/items/{item}")
    assert [request.url.path for request in asked.requests] == [f"/items/{item}" for item in (1, 2, 3, 1)]


def test_who_changes_an_item_drops_its_own_copy_and_keeps_the_others(start: Start) -> None:
    catalogue, _, asked = shop(start, CACHE="embedded")
    for item in (1, 2):
        catalogue.users.get(f"/items/{item}")
    catalogue.users.post("/items/1/price")
    assert [catalogue.users.get(f"/items/{item}").headers["X-Revision"] for item in (1, 2)] == ["2", "1"]
    assert [request.url.path for request in asked.requests[3:]] == ["/items/1"]


def test_what_is_not_there_is_said_and_not_kept(start: Start) -> None:
    catalogue, _, asked = shop(start, CACHE="embedded")
    answers = [catalogue.users.get("/items/9") for _ in range(2)]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert answers[0].json() == {"error": "there is no item 9"}
    assert len(asked.requests) == 2
    assert catalogue.users.post("/items/9/price").status_code == 404
    assert catalogue.users.get("/items/book").status_code == 422


def test_a_database_that_is_gone_is_a_refusal_and_copies_still_serve(start: Start) -> None:
    catalogue, _, between = shop(start, CACHE="embedded")
    catalogue.users.get("/items/1")
    between.does = between.refuses
    assert [catalogue.users.get(f"/items/{item}").status_code for item in (1, 2)] == [200, 503]


def test_a_redis_that_is_gone_makes_every_page_a_query(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    catalogue, _, asked = shop(start, CACHE="shared", REDIS_URL="redis://127.0.0.1:1")
    assert [catalogue.users.get("/items/1").status_code for _ in range(2)] == [200, 200]
    assert len(asked.requests) == 2
    assert catalogue.metrics()["shared_errors_total"] == 4
    assert "redis failed" in capsys.readouterr().out


def test_an_instance_that_cannot_hear_of_changes_keeps_no_copy(start: Start) -> None:
    catalogue, _, asked = shop(start, CACHE="embedded", INVALIDATE="true", REDIS_URL="redis://127.0.0.1:1")
    for _ in range(3):
        catalogue.users.get("/items/1")
    assert len(asked.requests) == 3


@pytest.mark.parametrize("shared", ["false", "true"])
def test_above_the_limit_it_refuses_and_says_when_to_come_back(start: Start, shared: str) -> None:
    """Shared in a Redis that is gone, it falls back to a limit of its own."""
    catalogue, _, _ = shop(start, LIMIT=0.5, LIMIT_BURST=2, LIMIT_SHARED=shared, REDIS_URL="redis://127.0.0.1:1")
    answers = [catalogue.users.get("/items/1") for _ in range(3)]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert answers[-1].headers["Retry-After"] == "2"
