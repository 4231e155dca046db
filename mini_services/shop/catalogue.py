"""The catalogue: an item's page, from the database or from a copy.

    GET  /items/{item}         the page; X-Revision says which revision of the item it shows
    POST /items/{item}/price   the price goes up by a cent; the answer has the new revision

CACHE says where copies are kept:

    none       nowhere: each page is a query to the database
    embedded   in this instance's own memory, up to SIZE pages, which POLICY (lru, lfu) chooses, for TTL seconds (0: no end)
    shared     in Redis, at REDIS_URL, for all instances, for TTL seconds (0: an hour)
    both       embedded, and behind it shared

An instance that changes an item drops its own copy. With INVALIDATE it tells the others, who drop theirs.
LIMIT requests a second are admitted, by each instance or, with LIMIT_SHARED, by all of them together.
"""

from __future__ import annotations

from fastapi.responses import Response
from pydantic import NonNegativeFloat, PositiveInt

from mini_services.shop.calls import Callee
from mini_services.shop.copies import Copies, CopySettings
from mini_services.shop.limit import Limit
from mini_services.shop.page import Page
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import X_ANSWER, Service, work
from mini_services.shop.settings import Address, load

__all__ = ["app"]


class Settings(CopySettings):
    """What only the catalogue can be told."""

    database_url: Address = ""
    limit: NonNegativeFloat = 0.0  # requests a second, 0 for as many as come
    limit_burst: PositiveInt = 5
    limit_shared: bool = False


settings = load("catalogue", Settings)
service = Service("catalogue", settings)
app = service.app
database = Callee("database", settings.database_url, settings, service)
database_seconds = service.metrics.summary("database_seconds", "a call of the database")
lookup_seconds = service.metrics.summary("lookup_seconds", "the look-up of a page, wherever it comes from")
limit = Limit("catalogue", settings.limit, settings.limit_burst, service, settings.redis_url if settings.limit_shared else "") \
    if settings.limit else None


def fetch(item: int) -> Page:
    """The page from the database."""
    with database_seconds.time():
        answer = database.get(f"/items/{item}")
    if answer.is_error:
        raise Refusal(answer.status_code, f"there is no item {item}")
    return Page(answer.json()["revision"], answer.content)


copies = Copies(fetch, settings, service)


@app.get("/items/{item}")
def look_up(item: int) -> Response:
    """An item's page."""
    if limit:
        limit.check()
    work(settings.work)
    with lookup_seconds.time():
        page = copies.get(item)
    return as_answer(page)


@app.post("/items/{item}/price")
def raise_price(item: int) -> Response:
    """First the database, then every copy that can be reached, and then the answer."""
    changed = database.post(f"/items/{item}/price", None)
    if changed.is_error:
        raise Refusal(changed.status_code, f"there is no item {item}")
    page = Page(changed.json()["revision"], changed.content)
    copies.changed(item, page.revision)
    return as_answer(page)


def as_answer(page: Page) -> Response:
    """The page as it is, with its revision beside it."""
    return Response(page.content, headers={X_ANSWER: "full", "X-Revision": str(page.revision)}, media_type="application/json")
