"""A service is found by the name of its file."""

from __future__ import annotations

import pytest

from labkit.handles.package import app_of, preload_of

SHOP = "mini_services.shop"


def test_a_service_is_the_app_of_the_module_of_its_name() -> None:
    assert app_of(SHOP, "stock") == "mini_services.shop.stock:app"


@pytest.mark.parametrize(("name", "sentence"), [
    ("odrers", "There is no service “odrers” in mini_services.shop. Did you mean “orders”? It has: "),
    ("zebra",
     "There is no service “zebra” in mini_services.shop. It has: catalogue, database, orders, payment, stock, storefront."),
])
def test_an_unknown_one_is_answered_with_the_services_and_not_with_what_they_are_made_of(name: str, sentence: str) -> None:
    with pytest.raises(LookupError) as told:
        app_of(SHOP, name)
    assert str(told.value).startswith(sentence)


def test_an_unknown_package_has_no_services() -> None:
    with pytest.raises(LookupError, match="There is no service “stock” in mini_shop"):
        app_of("mini_shop", "stock")
    assert preload_of("mini_shop") == []


def test_what_is_to_be_loaded_before_is_told_by_the_package() -> None:
    assert preload_of(SHOP) == ["mini_services.shop.preload"]
    assert preload_of("tests.support.services") == []
