"""The exercise shared-limit: its model answers, and wrong ones by name."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "shared-limit"


def model(store: Any, user: str, limit: int) -> bool:
    number = store.incr(user)
    if number == 1:
        store.expire(user, 1)
    return bool(number <= limit)


def with_a_prefix(store: Any, user: str, limit: int) -> bool:
    return model(store, f"limit:{user}", limit)


@pytest.mark.parametrize("answer", [model, with_a_prefix])
def test_right_answers_pass(answer: Callable[..., bool]) -> None:
    passes(NAME, answer)


def never_expires(store: Any, user: str, limit: int) -> bool:
    return bool(store.incr(user) <= limit)


def begins_anew_each_time(store: Any, user: str, limit: int) -> bool:
    number = store.incr(user)
    store.expire(user, 1)
    return bool(number <= limit)


def looks_then_writes(store: Any, user: str, limit: int) -> bool:
    number = (store.get(user) or 0) + 1
    store.set(user, number)
    if number == 1:
        store.expire(user, 1)
    return number <= limit


def one_too_few(store: Any, user: str, limit: int) -> bool:
    return model(store, user, limit - 1)


def one_too_many(store: Any, user: str, limit: int) -> bool:
    return model(store, user, limit + 1)


def all_users_as_one(store: Any, user: str, limit: int) -> bool:
    return model(store, "everybody", limit)


def counts_for_itself(store: Any, user: str, limit: int) -> bool:
    return True


ALLOW = "allow(store, user, 1)\n"
AGAIN = "user 1 asks, times: 1\ntenths of a second pass: {}\nuser 1 asks, times: 1"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (never_expires, "refused user-1, of whom it had admitted 0", ALLOW + AGAIN.format(10), "when do you call expire"),
    (begins_anew_each_time, "refused user-1, of whom it had admitted 0",
     ALLOW + AGAIN.format(6) + "\ntenths of a second pass: 6\nuser 1 asks, times: 1", "when do you call expire"),
    (looks_then_writes, "Two instances asked in the same moment, 1 may pass, and 2 did",
     'instance 1: allow(store, "user-1", 1), up to its command 1\ninstance 2: allow(store, "user-1", 1)', "one step"),
    (one_too_few, "refused user-1, of whom it had admitted 0", ALLOW + "user 1 asks, times: 1", "expire"),
    (one_too_many, "admitted request 2 of user-1", ALLOW + "user 1 asks, times: 2", "Compare it with the limit"),
    (all_users_as_one, "refused user-2, of whom it had admitted 0", ALLOW + "user 1 asks, times: 1\nuser 2 asks, times: 1", ""),
    (counts_for_itself, "admitted request 2 of user-1", ALLOW + "user 1 asks, times: 2", "incr(user)")])
def test_wrong_answers_fail_with_the_smallest_example(
    answer: Callable[..., bool], broke: str, example: str, hint: str
) -> None:
    fails(NAME, answer, broke, example, hint)
