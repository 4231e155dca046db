"""A refusal as HTTP: what its user is told, and when to come back."""

from __future__ import annotations

import json

import pytest

from mini_services.shop.refusal import Refusal


@pytest.mark.parametrize(("seconds", "told"), [(0.0, "1"), (0.2, "1"), (1.0, "1"), (1.2, "2"), (30.0, "30")])
def test_the_wait_is_told_in_whole_seconds_never_too_short_and_never_none_at_all(seconds: float, told: str) -> None:
    assert Refusal(503, "busy", seconds).response().headers["Retry-After"] == told


def test_where_nobody_can_say_no_wait_is_told() -> None:
    answer = Refusal(504, "stock did not answer in time").response()
    assert "Retry-After" not in answer.headers
    assert (answer.status_code, json.loads(bytes(answer.body))) == (504, {"error": "stock did not answer in time"})
