"""Orders (B): takes an order, has stock reserve the goods and then payment charge for them.

    POST /orders   calls stock, and payment if it has payment's address
    GET  /quote    calls payment alone: it must not suffer when stock is ill

When stock does not answer, FALLBACK says what becomes of the order:

    none          it is refused (503 or 504)
    default       accepted, the goods to be confirmed later
    stale         decided by what stock last said of this item
    alternative   reserved at ALTERNATIVE_URL, a second warehouse
    queue         accepted (202), and placed as soon as stock and payment are back

Only the reservation has a fallback: goods may be promised, but money is charged or it is not.
"""

from __future__ import annotations

from functools import partial

import httpx
from fastapi.responses import Response

from mini_services.patterns.fallback import Answer, LastGood, alternative, default
from mini_services.shop.backlog import Backlog
from mini_services.shop.calls import Callee, pass_on
from mini_services.shop.order import ITEMS, Order, not_sold
from mini_services.shop.refusal import Refusal
from mini_services.shop.service import Service, answer, work
from mini_services.shop.settings import Address, CallSettings, load

__all__ = ["app"]


class Settings(CallSettings):
    """What only orders can be told."""

    stock_url: Address = ""
    payment_url: Address = ""  # none: nobody is charged


settings = load("orders", Settings)
service = Service("orders", settings)
app = service.app
stock = Callee("stock", settings.stock_url, settings, service)
second_warehouse = Callee("alternative", settings.alternative_url, settings, service)
payment = Callee("payment", settings.payment_url, settings, service)
last_said: LastGood[httpx.Response] = LastGood()


@app.post("/orders")
def take(order: Order | None = None) -> Response:
    """Take an order; an empty body orders a book."""
    wanted = order or Order()
    if wanted.item not in ITEMS:
        return not_sold(wanted.item)
    work(settings.work)
    if settings.fallback == "queue":
        return alternative(partial(place, wanted), partial(keep, wanted), on=(Refusal,)).value
    return place(wanted)


def place(order: Order) -> Response:
    """Reserve, then charge: a reservation that is not paid for can be given back, money is harder to return."""
    reserved = reserve(order)
    if reserved.value.is_error:
        return pass_on(reserved)
    if settings.payment_url:
        payment.post("/charges", {"order": order.id, "amount": order.quantity * ITEMS[order.item]})
    return answer({"order": order.id, "status": "placed", "stock": reserved.value.json()}, reserved.kind, 201)


def reserve(order: Order) -> Answer[httpx.Response]:
    """Ask stock for the goods, or fall back."""
    ask = partial(stock.post, "/reservations", order.model_dump())
    match settings.fallback:
        case "default":
            return default(ask, httpx.Response(200, json={"left": "to be confirmed"}), on=(Refusal,))
        case "stale":
            return last_said.answer(ask, order.item, on=(Refusal,))
        case "alternative":
            other = partial(second_warehouse.post, "/reservations", order.model_dump())
            return alternative(ask, other, on=(Refusal,))
        case _:
            return Answer(ask())


def keep(order: Order) -> Response:
    """Accept the order now and place it later."""
    backlog.put(order)
    return answer({"order": order.id, "status": "accepted"}, "queued", 202)


def place_late(order: Order) -> None:
    """Place an order from the backlog; its user has long had an answer, so the outcome goes to the log."""
    service.log("queued order placed", order=order.id, status=place(order).status_code)


backlog = Backlog(place_late, service)


@app.get("/quote")
def quote(item: str = "book") -> Response:
    """What an item costs with payment's fee; stock is not asked."""
    if item not in ITEMS:
        return not_sold(item)
    fee = payment.get("/fees").json()["percent"]
    return answer({"item": item, "price": ITEMS[item] * (100 + fee) / 100})
