"""The storefront (A): what the user's browser talks to.

    GET  /         the home page: a little work of its own, and no call to anybody
    POST /orders   buy something: passed on to orders
    GET  /export   one slow method: a report that takes long, in the same thread pool as all the rest

It calls orders and nobody else. When orders does not answer, FALLBACK says what the buyer gets: nothing (none), a kind
word (default), or the answer of other orders at ALTERNATIVE_URL (alternative).
"""

from __future__ import annotations

import sys
from functools import partial
from typing import Literal

import httpx
from fastapi.responses import Response
from pydantic import NonNegativeFloat, NonNegativeInt

from mini_services.patterns.bulkhead import Bulkhead
from mini_services.patterns.fallback import Answer, alternative, default
from mini_services.shop.calls import Callee, pass_on
from mini_services.shop.order import ITEMS, Order
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service, answer, work
from mini_services.shop.settings import Address, CallSettings, load

__all__ = ["app"]


class Settings(CallSettings):
    """What only the storefront can be told."""

    work: NonNegativeFloat = 0.005
    orders_url: Address = ""
    export_seconds: NonNegativeFloat = 1.0
    export_bulkhead: NonNegativeInt = 0  # places for exports, 0 for as many as there are threads
    fallback: Literal["none", "default", "alternative"] = "none"  # a stale answer would be someone else's order


settings = load("storefront", Settings)
service = Service("storefront", settings)
app = service.app
orders = Callee("orders", settings.orders_url, settings, service)
other_orders = Callee("alternative", settings.alternative_url, settings, service)
exports = Bulkhead(settings.export_bulkhead or sys.maxsize)
SORRY = httpx.Response(200, json={"order": None, "status": "your basket is kept, please try again in a minute"})


@app.get("/")
def home() -> Response:
    """The home page."""
    work(settings.work)
    return answer({"shop": "Microservices by Experiment", "items": list(ITEMS)})


@app.get("/export")
def export() -> Response:
    """The slow method; with a bulkhead of its own it cannot take every thread."""
    with exports:
        work(settings.export_seconds)
    return answer({"rows": 1000})


@app.post("/orders")
def buy(order: Order | None = None) -> Response:
    """Buy something; an empty body buys a book."""
    body = (order or Order()).model_dump()
    return pass_on(_place(body))


def _place(body: dict[str, object]) -> Answer[httpx.Response]:
    ask = partial(orders.post, "/orders", body)
    match settings.fallback:
        case "default":
            return default(ask, SORRY, on=(Refusal,))
        case "alternative":
            return alternative(ask, partial(other_orders.post, "/orders", body), on=(Refusal,))
        case _:
            return Answer(ask())
