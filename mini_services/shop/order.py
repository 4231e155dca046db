"""What the shop sells, and an order as it travels from the storefront to orders and stock."""

from __future__ import annotations

from uuid import uuid4

from fastapi.responses import Response
from pydantic import BaseModel, Field, PositiveInt

from mini_services.shop.service import answer

__all__ = ["ITEMS", "Order", "not_sold"]

ITEMS = {"book": 20, "pen": 2, "lamp": 45}  # what the shop sells, and for how much


class Order(BaseModel):
    """Whoever sees it first gives it its id; by this id it is known again when a retry brings it twice."""

    id: str = Field(default_factory=lambda: uuid4().hex, min_length=1, max_length=100)
    item: str = Field(default="book", max_length=100)
    quantity: PositiveInt = 1


def not_sold(item: str) -> Response:
    """The answer to who asks for something else."""
    return answer({"error": f"the shop does not sell {item!r}"}, status=404)
