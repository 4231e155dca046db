"""Exercise: one rate limit for many instances, by the two commands of Redis that it takes: INCR and EXPIRE.

The store is the grader's, in virtual time. For the second promise another instance comes in between: right after each
command of the first one in turn, which no test with real instances would hit on purpose.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, joined, lines
from labkit.language import Text

__all__ = ["GRADER"]

T = TypeVar("T")

WINDOW = 1.0  # seconds
Example = tuple[int, list[Step]]  # limit, and ("asks", times), ("other", times) or ("wait", tenths of a second)

_NAMES = {"asks": Text("user 1 asks, times: {n}", "使用者 1 請求：{n} 次"),
          "other": Text("user 2 asks, times: {n}", "使用者 2 請求：{n} 次"),
          "wait": Text("tenths of a second pass: {n}", "過了十分之 {n} 秒")}
_USERS = {"asks": "user-1", "other": "user-2"}
_TOO_MANY = Text("It admitted request {n} of {user} in one second; the limit is {limit}.",
                 "它在一秒內放行了 {user} 的第 {n} 個請求；上限是 {limit}。")
_TOO_FEW = Text("It refused {user}, of whom it had admitted {n} in this second; the limit is {limit}.",
                "它拒絕了 {user}，但這一秒只放行過 {n} 個；上限是 {limit}。")
_TWICE = Text("Two instances asked in the same moment, {limit} may pass, and {n} did.",
              "兩個實例同時請求，只能放行 {limit} 個，卻放行了 {n} 個。")
_COUNT_HINT = Text("incr(user) gives the number of this request. Compare it with the limit.",
                   "incr(user) 返回這是第幾個請求。拿它和上限比較。")
_WINDOW_HINT = Text("The count must end one second after its first request, neither never nor later: when do you call expire?",
                    "計數必須在第一個請求的一秒後結束，不能永不結束，也不能延後：你在什麼時候調用 expire？")
_RACE_HINT = Text("Between get and set the other instance comes in. incr does both in one step.",
                  "get 和 set 之間，另一個實例會插進來。incr 一步做完兩件事。")


class _Store:
    """Redis as far as it is needed. `after` is called when a command is done."""

    def __init__(self) -> None:
        self.now = 0.0
        self.after: Callable[[], None] = lambda: None
        self._values: dict[str, tuple[int, float]] = {}

    def get(self, key: str) -> int | None:
        return self._done(self._alive(key)[0])

    def set(self, key: str, value: int) -> None:
        self._values[key] = value, self._alive(key)[1]
        self._done(None)

    def incr(self, key: str) -> int:
        value, until = self._alive(key)
        self._values[key] = (value or 0) + 1, until
        return self._done((value or 0) + 1)

    def expire(self, key: str, seconds: float) -> None:
        value, _ = self._alive(key)
        if value is not None:
            self._values[key] = value, self.now + seconds
        self._done(None)

    def _alive(self, key: str) -> tuple[int | None, float]:
        value, until = self._values.get(key, (0, float("inf")))
        return (value, until) if key in self._values and self.now < until - 1e-9 else (None, float("inf"))

    def _done(self, result: T) -> T:
        self.after()
        return result


def _one_after_another(answer: Any, example: Example) -> Broke | None:
    limit, steps = example
    store, admitted, began = _Store(), Counter[str](), dict[str, float]()
    for what, times in steps:
        if what == "wait":
            store.now += times / 10
            continue
        for user in [_USERS[what]] * times:
            if store.now - began.get(user, -WINDOW) >= WINDOW - 1e-9:
                began[user], admitted[user] = store.now, 0
            if answer(store, user, limit):
                admitted[user] += 1
                if admitted[user] > limit:
                    return Broke(_TOO_MANY.format(n=admitted[user], user=user, limit=limit), _COUNT_HINT)
            elif admitted[user] < limit:
                return Broke(_TOO_FEW.format(user=user, n=admitted[user], limit=limit), _WINDOW_HINT)
    return None


def _in_the_same_moment(answer: Any, command: int) -> Broke | None:
    """Two ask, one may pass: the second one comes after the first one's ``command``-th command."""
    store, passed, left = _Store(), list[bool](), command

    def meanwhile() -> None:
        nonlocal left
        left -= 1
        if left == 0:
            passed.append(bool(answer(store, "user-1", 1)))

    store.after = meanwhile
    passed.append(bool(answer(store, "user-1", 1)))
    return Broke(_TWICE.format(limit=1, n=sum(passed)), _RACE_HINT) if sum(passed) > 1 else None


def _show(example: Example) -> Text:
    limit, steps = example
    return lines(f"allow(store, user, {limit})", joined(steps, _NAMES), _NAMES)


def _show_moment(command: int) -> Text:
    return Text(f"instance 1: allow(store, \"user-1\", 1), up to its command {command}\ninstance 2: allow(store, \"user-1\", 1)",
                f"實例 1：allow(store, \"user-1\", 1)，停在第 {command} 個命令之後\n實例 2：allow(store, \"user-1\", 1)")


_STEPS = st.tuples(st.sampled_from(["asks", "other", "wait"]), st.integers(1, 6))
_FIRST: tuple[Example, ...] = ((1, [("asks", 1)]), (1, [("asks", 2)]), (1, [("asks", 1), ("other", 1)]),
                               (1, [("asks", 1), ("wait", 10), ("asks", 1)]),
                               (1, [("asks", 1), ("wait", 6), ("asks", 1), ("wait", 6), ("asks", 1)]))

GRADER = Grader(
    name="shared-limit",
    statement=Text(
        "Write allow(store, user, limit): True when this request of the user may pass. At most limit pass within a second, which "
        "begins with the user's first request; then the next second begins with the next one. All instances share the store, "
        "which has incr(key), expire(key, seconds), get(key) and set(key, value), as Redis has.",
        "請寫 allow(store, user, limit)：使用者的這個請求可以放行時返回 True。一秒之內最多放行 limit 個，這一秒從該使用者的第一個"
        "請求算起；之後的下一個請求再開始下一秒。所有實例共用 store，它和 Redis 一樣有 incr(key)、expire(key, seconds)、get(key) "
        "和 set(key, value)。"),
    wants="def allow(store, user, limit)",
    arguments=3,
    promises=(Promise(st.tuples(st.integers(1, 3), st.lists(_STEPS, min_size=1, max_size=8)), _one_after_another, _show,
                      _COUNT_HINT, first=_FIRST),
              Promise(st.integers(1, 4), _in_the_same_moment, _show_moment, _RACE_HINT, first=(1, 2, 3, 4))))
