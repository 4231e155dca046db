"""Exercise: an LRU cache. So many entries; a get counts as a use; the one used least recently has to go.

The answer is held beside a model after every step. Every get of the model's is one of the answer's too, so that both
have seen the same uses.
"""

from __future__ import annotations

from collections import OrderedDict
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, lines
from labkit.language import Text

__all__ = ["GRADER"]

Example = tuple[int, list[Step]]  # size, and ("put", key) or ("get", key); each put has a value of its own

_NAMES = {"put": Text("put({n}, ...)", "put({n}, ...)"), "get": Text("get({n})", "get({n})")}
_KEPT = Text("get({key}) gave {got!r}, but {key} should be gone: there is room for {size}, and as many others were used since.",
             "get({key}) 得到 {got!r}，但 {key} 應該已經不在：只放得下 {size} 個，之後已經用過這麼多個別的。")
_NEVER = Text("get({key}) gave {got!r}, and nothing was ever put there. It should give None.",
              "get({key}) 得到 {got!r}，但從來沒有放過。應該返回 None。")
_LOST = Text("get({key}) gave None, but {key} is among the {size} that were used last.",
             "get({key}) 得到 None，但 {key} 是最近用過的 {size} 個之一。")
_OTHER = Text("get({key}) gave {got!r}; what was put there last is {wanted!r}.",
              "get({key}) 得到 {got!r}；最後放進去的是 {wanted!r}。")
_SIZE_HINT = Text("When a new key comes and there is no room, one must go: the one used least recently.",
                  "放進新的鍵而沒有空間時，要移走一個：最久沒有用過的那個。")
_USE_HINT = Text("Does a get count as a use, and a put of a key that is there already? And who goes then?",
                 "get 算不算使用？放入已經存在的鍵呢？這時該移走誰？")
_VALUE_HINT = Text("A put of a key that is there already replaces its value.", "放入已經存在的鍵，要換掉它的值。")


def _play(answer: Any, example: Example) -> Broke | None:
    size, steps = example
    cache, model, ever = answer(size), OrderedDict[int, str](), set[int]()
    for number, (what, key) in enumerate(steps):
        if what == "put":
            cache.put(key, f"value {number}")
            ever.add(key)
            model[key] = f"value {number}"
            model.move_to_end(key)
            if len(model) > size:
                model.popitem(last=False)
        elif (broke := _compared(key, cache.get(key), model, size, key in ever)) is not None:
            return broke
    return None


def _compared(key: int, got: Any, model: OrderedDict[int, str], size: int, ever: bool) -> Broke | None:
    wanted = model.get(key)
    if key in model:
        model.move_to_end(key)
    if got == wanted:
        return None
    if wanted is None:
        return Broke((_KEPT if ever else _NEVER).format(key=key, got=got, size=size), _SIZE_HINT if ever else _VALUE_HINT)
    if got is None:
        return Broke(_LOST.format(key=key, size=size), _USE_HINT)
    return Broke(_OTHER.format(key=key, got=got, wanted=wanted), _VALUE_HINT)


def _show(example: Example) -> Text:
    size, steps = example
    return lines(f"cache = LRU({size})", steps, _NAMES)


_STEPS = st.tuples(st.sampled_from(["put", "get"]), st.integers(1, 4))
_TWO: list[Step] = [("put", 1), ("put", 2)]
_FIRST: tuple[Example, ...] = (
    (1, [("get", 1)]), (1, [*_TWO, ("get", 1)]), (1, [*_TWO, ("get", 2)]), (1, [("put", 1), ("put", 1), ("get", 1)]),
    (2, [*_TWO, ("put", 2), ("get", 1)]), (2, [*_TWO, ("get", 1), ("put", 3), ("get", 1)]),
    (2, [*_TWO, ("put", 1), ("put", 3), ("get", 1)]))

GRADER = Grader(
    name="lru-cache",
    statement=Text(
        "Write class LRU with LRU(size), get(key) and put(key, value). It keeps at most size entries. get gives the value, or "
        "None where there is none. Both count as a use; when a new key finds no room, the entry used least recently goes.",
        "請寫類別 LRU，有 LRU(size)、get(key) 和 put(key, value)。它最多保存 size 筆。get 返回值，沒有就返回 None。兩者都算使用；"
        "放入新的鍵而沒有空間時，移走最久沒有用過的一筆。"),
    wants="class LRU: LRU(size), get(key), put(key, value)",
    arguments=1,
    methods={"get": 1, "put": 2},
    promises=(Promise(st.tuples(st.integers(1, 3), st.lists(_STEPS, min_size=1, max_size=12)), _play, _show, _SIZE_HINT,
                      first=_FIRST),))
