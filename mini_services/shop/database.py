"""The database: SQLite with the shop's items and what was said of them, behind HTTP so that many instances share it.

    GET  /items/{item}         an item's page: its name and price, and what all its reviews come to
    POST /items/{item}/price   the price goes up by a cent, and the item has its next revision

The reviews have no index on their item, as happens in the best of shops: to find an item's own, SQLite reads them all.
That is the cost of a page, in real work; `query_seconds` at /metrics says what it comes to on this machine. There is
one connection, so one query at a time. All of it is in memory: a restart sets every price back.
"""

from __future__ import annotations

import sqlite3
import threading
from typing import Any

from fastapi.responses import Response
from pydantic import NonNegativeInt, PositiveInt

from mini_services.shop.service import Service, answer
from mini_services.shop.settings import ServiceSettings, load

__all__ = ["app"]


class Settings(ServiceSettings):
    """What only the database can be told."""

    items: PositiveInt = 500
    reviews: NonNegativeInt = 30_000


settings = load("database", Settings)
service = Service("database", settings)
app = service.app
query_seconds = service.metrics.summary("query_seconds", "a query alone, without its wait for the connection")
lock = threading.Lock()
connection = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
service.at_end.append(connection.close)
connection.executescript(f"""
    CREATE TABLE items (item INTEGER PRIMARY KEY, name TEXT, cents INTEGER, revision INTEGER);
    CREATE TABLE reviews (item INTEGER, stars INTEGER, words TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT {settings.items})
        INSERT INTO items SELECT i, 'item ' || i, 999 + i, 1 FROM n;
    WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n LIMIT {settings.reviews})
        INSERT INTO reviews SELECT 1 + i % {settings.items}, 1 + i % 5, 'as described' FROM n;
""")
PAGE = """
    SELECT items.*, said.reviews, said.stars
    FROM items, (SELECT count(*) AS reviews, avg(stars) AS stars FROM reviews WHERE item = :item) AS said
    WHERE items.item = :item
"""
PRICE = "UPDATE items SET cents = cents + 1, revision = revision + 1 WHERE item = :item RETURNING item, cents, revision"


@app.get("/items/{item}")
def look_up(item: int) -> Response:
    """An item's page."""
    return found(item, PAGE)


@app.post("/items/{item}/price")
def raise_price(item: int) -> Response:
    """A cent more; once this is answered, every page that is asked for has the new price."""
    return found(item, PRICE)


def found(item: int, sql: str) -> Response:
    """The row that the query gives, or 404 where there is none."""
    with lock, query_seconds.time():
        cursor = connection.execute(sql, {"item": item})
        rows: list[tuple[Any, ...]] = cursor.fetchall()
    if not rows:
        return answer({"error": f"there is no item {item}"}, status=404)
    return answer(dict(zip([column[0] for column in cursor.description], rows[0], strict=True)))
