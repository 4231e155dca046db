"""An order, as it travels from the storefront to orders, stock and payment."""

from __future__ import annotations

from uuid import uuid4

from pydantic import BaseModel, Field, PositiveInt

__all__ = ["ITEMS", "Order"]

ITEMS = {"book": 20, "pen": 2, "lamp": 45}  # what the shop sells, and for how much


class Order(BaseModel):
    """Whoever sees it first gives it its id; by this id it is known again when a retry brings it twice."""

    id: str = Field(default_factory=lambda: uuid4().hex, min_length=1, max_length=100)
    item: str = Field(default="book", max_length=100)
    quantity: PositiveInt = 1
