"""Exercise: a bulkhead. So many places; full means refused at once; a place always comes back.

Two promises: what one caller after another sees, and what two threads see that enter in the same moment. The second is
no matter of luck: one thread is stopped before each of its lines in turn, and the other enters meanwhile. Where the
other must wait for a lock, the first goes on after a moment; on a slow machine a race may so be missed, never invented.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable
from types import FrameType
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import lines
from labkit.language import Text

__all__ = ["GRADER"]

Example = tuple[int, list[str]]  # places, and what happens: "enter", "leave" or "raise" (leave by an exception)

_MEANWHILE = 0.1  # seconds for the second thread, which may be waiting for a lock that the first one holds
_LINES = 8  # lines of an __enter__ before which the first thread is held

_WAITING_HINT = Text("A full bulkhead must not wait for a place: raise at once.",
                     "隔離艙滿了不可以等位置：要立刻丟出例外。")
_NAMES = {"enter": Text("a caller enters", "一個調用方進入"), "leave": Text("a caller leaves", "一個調用方離開"),
          "raise": Text("a caller leaves by an exception", "一個調用方因例外離開")}
_NOT_REFUSED = Text("Every place was taken ({places}), and one more caller got in.",
                    "位置都被占用了（{places} 個），卻又進來了一個。")
_REFUSED = Text("Places taken: {inside} of {places}, and it refused a caller ({error}).",
                "{places} 個位置只占用了 {inside} 個，它卻拒絕了調用方（{error}）。")
_SWALLOWED = Text("An exception that was raised inside is gone.", "裡面丟出的例外不見了。")
_BOTH_IN = Text("Two threads entered in the same moment, and both got the last place.",
                "兩個線程同時進入，兩個都拿到了最後一個位置。")
_NEITHER = Text("Two threads entered in the same moment, and there was a place, but neither got it.",
                "兩個線程同時進入，明明有位置，卻沒有一個拿到。")
_COUNT_HINT = Text("Compare the places taken with the limit before taking one.",
                   "先比較已占用的數目和上限，再占用一個。")
_BACK_HINT = Text("__exit__ runs however the block is left: is the place given back? Who is refused has taken none.",
                  "無論怎樣離開區塊，__exit__ 都會執行：位置還了嗎？被拒絕的調用方並沒有占用位置。")
_SWALLOWED_HINT = Text("What __exit__ returns decides whether the exception goes on: True stops it.",
                       "__exit__ 的返回值決定例外會不會繼續傳出去：返回 True 就會擋下來。")
_RACE_HINT = Text("Between looking and taking another thread may look too. Do both under one lock.",
                  "在查看和占用之間，另一個線程也可能在查看。兩件事要在同一把鎖裡做。")


def _one_after_another(answer: Any, example: Example) -> Broke | None:
    places, steps = example
    bulkhead, inside = answer(places), 0
    for step in steps:
        if step == "enter":
            error = _enter(bulkhead)
            if error is None and inside == places:
                return Broke(_NOT_REFUSED.format(places=places), _COUNT_HINT)
            if error is not None and inside < places:
                return Broke(_REFUSED.format(inside=inside, places=places, error=type(error).__name__), _BACK_HINT)
            inside += error is None
        elif inside:
            inside -= 1
            if _leave(bulkhead, ValueError("inside") if step == "raise" else None):
                return Broke(_SWALLOWED, _SWALLOWED_HINT)
    return None


def _enter(bulkhead: Any) -> Exception | None:
    try:
        bulkhead.__enter__()
    except Exception as error:
        return error
    return None


def _leave(bulkhead: Any, error: Exception | None) -> bool:
    """Leave by an exception or without; True when it swallows the exception."""
    swallowed = bulkhead.__exit__(type(error) if error else None, error, None)
    return error is not None and bool(swallowed)


def _in_the_same_moment(answer: Any, line: int) -> Broke | None:
    """One place, two threads: the first is held before its ``line``-th line while the second enters."""
    bulkhead = answer(1)
    outcomes: list[Exception | None] = []
    held, go_on = threading.Event(), threading.Event()

    def first() -> None:
        sys.settrace(_stop_before(line, held, go_on))
        outcomes.append(_enter(bulkhead))
        sys.settrace(None)
        held.set()

    one = threading.Thread(target=first, daemon=True)
    two = threading.Thread(target=lambda: outcomes.append(_enter(bulkhead)), daemon=True)
    one.start()
    held.wait()
    two.start()
    two.join(_MEANWHILE)
    go_on.set()
    one.join()
    two.join()
    inside = outcomes.count(None)
    return None if inside == 1 else Broke(_BOTH_IN if inside else _NEITHER, _RACE_HINT)


def _stop_before(line: int, held: threading.Event, go_on: threading.Event) -> Callable[[FrameType, str, Any], Any]:
    """A trace function that waits before the ``line``-th line of the reader's own code."""
    left = line

    def trace(frame: FrameType, event: str, argument: Any) -> Any:
        nonlocal left
        if str(frame.f_globals.get("__name__", "")).partition(".")[0] in ("labkit", "threading", "contextlib"):
            return None
        if event == "line":
            left -= 1
            if left == 0:
                held.set()
                go_on.wait()
        return trace

    return trace


def _show(example: Example) -> Text:
    places, steps = example
    return lines(f"bulkhead = Bulkhead({places})", [(step, 1) for step in steps], _NAMES)


def _show_moment(line: int) -> Text:
    return Text(f"bulkhead = Bulkhead(1)\nthread 1 enters, up to its line {line}\nthread 2 enters\nthread 1 goes on",
                f"bulkhead = Bulkhead(1)\n線程 1 進入，停在第 {line} 行之前\n線程 2 進入\n線程 1 繼續")


_STEPS = st.lists(st.sampled_from(["enter", "leave", "raise"]), min_size=1, max_size=12)

GRADER = Grader(
    name="bulkhead",
    statement=Text(
        "Write class Bulkhead, a context manager: Bulkhead(places) lets so many callers be inside at a time. When all "
        "places are taken, entering raises an exception at once. Leaving gives the place back, also by an exception, "
        "which goes on. It is shared by threads.",
        "請寫類別 Bulkhead，它是 context manager：Bulkhead(places) 同時最多讓這麼多調用方在裡面。位置都被占用時，"
        "進入會立刻丟出例外。離開時歸還位置，因例外離開也一樣，而且例外要繼續傳出去。多個線程會共用它。"),
    wants="class Bulkhead: Bulkhead(places), __enter__(), __exit__(kind, error, trace)",
    arguments=1,
    methods={"__enter__": 0, "__exit__": 3},
    promises=(Promise(st.tuples(st.integers(1, 3), _STEPS), _one_after_another, _show, _WAITING_HINT,
                      first=((1, ["enter", "enter"]),)),
              Promise(st.integers(1, _LINES), _in_the_same_moment, _show_moment, _RACE_HINT, once=True)))
