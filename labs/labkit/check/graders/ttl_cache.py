"""Exercise: a cache whose entries live for so many seconds from when they were put, asked for or not.

The clock is the grader's. Its steps are even and the time to live is odd, so that nobody asks in the very moment in which
an entry's time is over.
"""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, joined, lines
from labkit.language import Text

__all__ = ["GRADER"]

LIVES = 5  # seconds

_NAMES = {"put": Text("put({n}, ...)", "put({n}, ...)"), "get": Text("get({n})", "get({n})"),
          "wait": Text("seconds pass: {n}", "過了 {n} 秒")}
_OLD = Text("get({key}) gave what was put there {age:g} s ago; an entry lives for {lives} s.",
            "get({key}) 得到 {age:g} 秒前放進去的值；一筆只能活 {lives} 秒。")
_GONE = Text("get({key}) gave {got!r}, and what was put there {age:g} s ago should still be there; an entry lives for {lives} s.",
             "get({key}) 得到 {got!r}，但 {age:g} 秒前放進去的應該還在；一筆可以活 {lives} 秒。")
_NEVER = Text("get({key}) gave {got!r}, and nothing was ever put there. It should give None.",
              "get({key}) 得到 {got!r}，但從來沒有放過。應該返回 None。")
_AGE_HINT = Text("Keep with each value the time at which it is over, and look at the clock in get.",
                 "每個值都要連同它到期的時間一起保存，並在 get 裡看時鐘。")
_USE_HINT = Text("A get must not lengthen a life, or what is popular is never asked for anew.",
                 "get 不可以延長壽命，否則熱門的值永遠不會更新。")
_PUT_HINT = Text("Each put begins a new life, and each key has its own.", "每次 put 都重新計算壽命，每個鍵各算各的。")


def _play(answer: Any, steps: list[Step]) -> Broke | None:
    now = 100.0
    cache = answer(LIVES, lambda: now)
    values, born, used = dict[int, str](), dict[int, float](), set[int]()
    for number, (what, key) in enumerate(steps):
        if what == "wait":
            now += key
        elif what == "put":
            values[key], born[key] = f"value {number}", now
            used.discard(key)
            cache.put(key, values[key])
        else:
            got, age = cache.get(key), now - born.get(key, now)
            if (broke := _judged(key, got, values.get(key), age, key in used)) is not None:
                return broke
            used.add(key)
    return None


def _judged(key: int, got: Any, value: str | None, age: float, used: bool) -> Broke | None:
    if value is None:
        return None if got is None else Broke(_NEVER.format(key=key, got=got), _AGE_HINT)
    if age >= LIVES:
        return None if got is None else Broke(_OLD.format(key=key, age=age, lives=LIVES), _USE_HINT if used else _AGE_HINT)
    return None if got == value else Broke(_GONE.format(key=key, got=got, age=age, lives=LIVES), _PUT_HINT)


def _show(steps: list[Step]) -> Text:
    return lines(f"cache = TTL({LIVES}, clock)", joined(steps, ["wait"]), _NAMES)


_STEPS = st.one_of(st.tuples(st.sampled_from(["put", "get"]), st.integers(1, 2)),
                   st.tuples(st.just("wait"), st.sampled_from([2, 4, 6])))
_PUT: Step = ("put", 1)
_FIRST: tuple[list[Step], ...] = (
    [("get", 1)], [_PUT, ("get", 1)], [_PUT, ("wait", 6), ("get", 1)],
    [_PUT, ("wait", 4), ("get", 1), ("wait", 2), ("get", 1)], [_PUT, ("wait", 4), _PUT, ("wait", 2), ("get", 1)],
    [_PUT, ("wait", 4), ("put", 2), ("wait", 2), ("get", 1)])

GRADER = Grader(
    name="ttl-cache",
    statement=Text(
        "Write class TTL with TTL(seconds, clock), get(key) and put(key, value). get gives the value for so many seconds after it "
        "was put, and None before and after. clock() tells the time in seconds.",
        "請寫類別 TTL，有 TTL(seconds, clock)、get(key) 和 put(key, value)。放入之後的 seconds 秒內，get 返回這個值；之前和之後都"
        "返回 None。clock() 返回以秒計的時間。"),
    wants="class TTL: TTL(seconds, clock), get(key), put(key, value)",
    arguments=2,
    methods={"get": 1, "put": 2},
    promises=(Promise(st.lists(_STEPS, min_size=1, max_size=10), _play, _show, _AGE_HINT, first=_FIRST),))
