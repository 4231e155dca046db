"""A plan becomes the environment of each instance."""

from __future__ import annotations

from labkit.handles.plan import ServicePlan


def test_settings_are_variables_in_capitals_and_named_as_set_on_purpose() -> None:
    plan = ServicePlan("orders", "shop.orders:app", ("stock",), 1, {"threads": 8, "timeout": 0.5, "breaker": True, "mode": "a b"})
    environment = plan.environment({"stock": "http://127.0.0.1:1"}, "orders-1")
    names = environment.pop("SERVICE_SETTINGS").split(",")
    assert environment == {"STOCK_URL": "http://127.0.0.1:1", "THREADS": "8", "TIMEOUT": "0.5", "BREAKER": "true",
                           "MODE": "a b", "INSTANCE": "orders-1"}
    assert sorted(names) == ["BREAKER", "MODE", "STOCK_URL", "THREADS", "TIMEOUT"]


def test_plans_with_the_same_content_are_equal() -> None:
    assert ServicePlan("a", "b:app", settings={"x": 1}) == ServicePlan("a", "b:app", settings={"x": 1})
    assert ServicePlan("a", "b:app", settings={"x": 1}) != ServicePlan("a", "b:app", settings={"x": 2})
