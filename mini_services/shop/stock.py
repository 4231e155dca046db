"""Stock (C): what is on the shelf.

    GET  /stock/{item}    how many are left
    POST /reservations    take some off the shelf for an order; the same order again takes nothing more

All of it is in memory: a restart fills the shelf again.
"""

from __future__ import annotations

import threading
from collections import OrderedDict

from fastapi.responses import Response
from pydantic import NonNegativeFloat, NonNegativeInt

from mini_services.shop.order import ITEMS, Order, not_sold
from mini_services.shop.service import Service, answer, work
from mini_services.shop.settings import ServiceSettings, load

__all__ = ["app"]


class Settings(ServiceSettings):
    """What only stock can be told."""

    work: NonNegativeFloat = 0.02
    stock: NonNegativeInt = 1_000_000  # of each item, more than any lab sells


settings = load("stock", Settings)
service = Service("stock", settings)
app = service.app
left = dict.fromkeys(ITEMS, settings.stock)
reserved: OrderedDict[str, Response] = OrderedDict()  # the last 10,000 orders and what they were answered
lock = threading.Lock()


@app.get("/stock/{item}")
def look_up(item: str) -> Response:
    """How many are left."""
    work(settings.work)
    return answer({"item": item, "left": left[item]}) if item in left else not_sold(item)


@app.post("/reservations")
def reserve(order: Order) -> Response:
    """Reserve goods for an order: 201, or 409 when there are not enough."""
    work(settings.work)
    if order.item not in left:
        return not_sold(order.item)
    with lock:
        if order.id not in reserved:
            reserved[order.id] = take(order)
            if len(reserved) > 10_000:
                reserved.popitem(last=False)
        return reserved[order.id]


def take(order: Order) -> Response:
    """Take the goods off the shelf."""
    if left[order.item] < order.quantity:
        return answer({"item": order.item, "left": left[order.item], "error": "sold out"}, status=409)
    left[order.item] -= order.quantity
    return answer({"item": order.item, "left": left[order.item]}, status=201)
