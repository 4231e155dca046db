"""Exercise: copies of what is slow to load, and a change that comes while one is being loaded.

The change is made by the grader's own `load`, after it has read the old value and before it returns it: the very moment
that a test with threads would wait for in vain. So it needs no thread, and a lock held while loading shows as a wait.
"""

from __future__ import annotations

from collections import Counter
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, lines
from labkit.language import Text

__all__ = ["GRADER"]

_NAMES = {"read": Text("get({n})", "get({n})"),
          "change": Text("the original of {n} changes, and changed({n}) is called", "{n} 的原始值改變，並調用 changed({n})"),
          "overtaken": Text("get({n}); while it loads, the original of {n} changes, and changed({n}) is called",
                            "get({n})；載入途中 {n} 的原始值改變，並調用 changed({n})")}
_STALE = Text("get({key}) gave {got!r}, but the original had already changed to {wanted!r}.",
              "get({key}) 得到 {got!r}，但原始值早已改成 {wanted!r}。")
_AGAIN = Text("It loaded {key} again, although nothing about {key} had changed since it was loaded.",
              "{key} 載入之後沒有任何改變，它卻又載入了一次。")
_DROP_HINT = Text("changed(key) must forget the copy of this key.", "changed(key) 必須忘掉這個鍵的副本。")
_RACE_HINT = Text("load had read the old value before the change came. Look, after load, whether changed(key) was called "
                  "meanwhile; if so, give the value back and do not keep it.",
                  "改變到來之前，load 已經讀了舊的值。load 返回後，要看看期間有沒有調用過 changed(key)；"
                  "有的話就只返回這個值，不要保存。")
_KEEP_HINT = Text("Keep what was loaded, by its key; a change of one key is none of the others' business.",
                  "載入的值要按鍵保存；一個鍵的改變，與其他的鍵無關。")
_LOCK_HINT = Text("Do not hold a lock while load runs: changed() must be able to come in.",
                  "load 執行時不要握著鎖：changed() 必須進得來。")


class _Original:
    """What is copied: a number for each key, and a change that may come while one is read."""

    def __init__(self) -> None:
        self.revision: Counter[int] = Counter()
        self.loads: list[int] = []
        self.overtaken_by: Any = None

    def load(self, key: int) -> str:
        read, overtake = f"{key} as of change {self.revision[key]}", self.overtaken_by
        self.loads.append(key)
        self.overtaken_by = None
        if overtake:
            self.change(key, overtake)
        return read

    def change(self, key: int, aside: Any) -> None:
        self.revision[key] += 1
        aside.changed(key)


def _play(answer: Any, steps: list[Step]) -> Broke | None:
    original = _Original()
    aside, kept, raced = answer(original.load), set[int](), set[int]()
    for what, key in steps:
        if what == "change":
            original.change(key, aside)
            kept.discard(key)
            continue
        before, acknowledged = len(original.loads), original.revision[key]
        original.overtaken_by = aside if what == "overtaken" else None
        got = aside.get(key)
        original.overtaken_by = None
        possible = {f"{key} as of change {revision}" for revision in range(acknowledged, original.revision[key] + 1)}
        if got not in possible:
            wanted = f"{key} as of change {original.revision[key]}"
            return Broke(_STALE.format(key=key, got=got, wanted=wanted), _RACE_HINT if key in raced else _DROP_HINT)
        if key in kept and len(original.loads) > before:
            return Broke(_AGAIN.format(key=key), _KEEP_HINT)
        changed = original.revision[key] > acknowledged
        (raced.add if changed else raced.discard)(key)
        (kept.discard if changed else kept.add)(key)
    return None


def _show(steps: list[Step]) -> Text:
    return lines("aside = Aside(load)", steps, _NAMES)


_READ: Step = ("read", 1)
_FIRST: tuple[list[Step], ...] = ([_READ, _READ], [_READ, ("change", 1), _READ], [_READ, ("change", 2), _READ], [("overtaken", 1)],
                                  [("overtaken", 1), _READ])

GRADER = Grader(
    name="cache-aside",
    statement=Text(
        "Write class Aside with Aside(load), get(key) and changed(key). get gives a copy or what load(key) returns, and keeps "
        "it. changed says that the original has changed: whoever calls get after it must not be given anything older. It may "
        "be called while load runs.",
        "請寫類別 Aside，有 Aside(load)、get(key) 和 changed(key)。get 返回副本，或 load(key) 返回的值，並保存起來。changed 表示"
        "原始值已經改變：之後調用 get 的人，不可以得到更舊的值。load 執行時也可能調用 changed。"),
    wants="class Aside: Aside(load), get(key), changed(key)",
    arguments=1,
    methods={"get": 1, "changed": 1},
    promises=(Promise(st.lists(st.tuples(st.sampled_from(["read", "change", "overtaken"]), st.integers(1, 2)),
                               min_size=1, max_size=8), _play, _show, _LOCK_HINT, first=_FIRST),))
