"""Payment (D): charges for orders.

    GET  /fees      what a payment costs, in per cent
    POST /charges   charge an order; the same order again gets the same receipt and is not charged twice

All of it is in memory: a restart forgets every receipt.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from uuid import uuid4

from fastapi.responses import Response
from pydantic import BaseModel, NonNegativeFloat

from mini_services.shop.service import Service, answer, work
from mini_services.shop.settings import ServiceSettings, load

__all__ = ["app"]


class Settings(ServiceSettings):
    """What only payment can be told."""

    work: NonNegativeFloat = 0.02


class Charge(BaseModel):
    """An amount for an order, by the order's id."""

    order: str
    amount: NonNegativeFloat


settings = load("payment", Settings)
service = Service("payment", settings)
app = service.app
receipts: OrderedDict[str, str] = OrderedDict()  # of the last 10,000 orders
lock = threading.Lock()


@app.get("/fees")
def fees() -> Response:
    """The fee, which never changes but takes as long to look up as if it did."""
    work(settings.work)
    return answer({"percent": 2})


@app.post("/charges")
def charge(charge: Charge) -> Response:
    """Charge an order once."""
    work(settings.work)
    with lock:
        receipt = receipts.setdefault(charge.order, uuid4().hex)
        if len(receipts) > 10_000:
            receipts.popitem(last=False)
    return answer({"order": charge.order, "amount": charge.amount, "receipt": receipt}, status=201)
