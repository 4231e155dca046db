"""Exercise: when is the thread pool full? Little's law, with the case in which it never is.

An answer may count the first request at second 0 or one spacing later: both (threads - 1) / rate and threads / rate are
right, and so is a simulation between them.
"""

from __future__ import annotations

import math
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.language import Text
from labkit.measure.figure import plain

__all__ = ["GRADER"]

Example = tuple[int, int, float]  # threads, rate, hold

_FULL_HINT = Text("Until the first request comes back, each one that arrives takes one more thread.",
                  "在第一個請求返回之前，每到一個請求就多占用一個線程。")
_NEVER_HINT = Text("By Little's law rate × hold threads are busy in the long run. What if there are more than that?",
                   "依利特爾法則，長期忙碌的線程數是 rate × hold。如果它比線程總數少呢？")
_ARGUMENTS_HINT = Text("Nobody may come (rate 0), and a request may be done at once (hold 0).",
                       "可能沒有人來（rate 為 0），請求也可能立刻完成（hold 為 0）。")


def _fills(answer: Any, example: Example) -> Broke | None:
    threads, rate, hold = example
    seconds, least, most = answer(threads, rate, hold), (threads - 1) / rate, threads / rate
    if _is_never(seconds):
        said = Text("The pool does fill up, but the answer says never.", "線程池會滿，答案卻說永遠不會。")
        return Broke(said, Text("Compare rate × hold with the number of threads.", "請比較 rate × hold 和線程數。"))
    if not _is_number(seconds) or not 0.99 * least <= seconds <= 1.01 * most:
        said = Text("The last free thread is taken after {most} s; the answer says {seconds}.",
                    "最後一個空閒線程在 {most} 秒後被占用；答案是 {seconds}。")
        return Broke(said.format(most=plain(most), seconds=_shown(seconds)), _FULL_HINT)
    return None


def _never_fills(answer: Any, example: Example) -> Broke | None:
    seconds = answer(*example)
    if _is_never(seconds):
        return None
    said = Text("The pool never fills up, but the answer says {seconds}.", "線程池永遠不會滿，答案卻是 {seconds}。")
    return Broke(said.format(seconds=_shown(seconds)), _NEVER_HINT)


def _is_never(seconds: Any) -> bool:
    return seconds is None or (_is_number(seconds) and math.isinf(seconds) and seconds > 0)


def _is_number(seconds: Any) -> bool:
    return isinstance(seconds, int | float) and not isinstance(seconds, bool)


def _shown(seconds: Any) -> Text:
    if _is_number(seconds):
        return Text(f"{plain(seconds)} s", f"{plain(seconds)} 秒")
    return Text(repr(seconds), repr(seconds))


def _show(example: Example) -> Text:
    call = "time_to_fill(threads={}, rate={}, hold={:g})".format(*example)
    return Text(call, call)


def _filling(threads: int, rate: int, more: int) -> Example:
    """Held for long enough: rate × hold is threads + 1 or more."""
    return threads, rate, (math.ceil(10 * (threads + 1) / rate) + more) / 10


def _never_filling(threads: int, rate: int, tenths: int) -> Example:
    """Back so soon that at least two threads stay free, or nobody comes, or nothing takes any time."""
    longest = 10 * max(0, threads - 2) / rate if rate else tenths
    return threads, rate, min(tenths, math.floor(longest)) / 10


_THREADS, _RATE, _TENTHS = st.integers(1, 100), st.integers(1, 100), st.integers(0, 100)

GRADER = Grader(
    name="time-to-fill",
    statement=Text(
        "Write time_to_fill(threads, rate, hold): after how many seconds are all threads of an idle pool busy, when "
        "rate requests a second arrive, evenly spaced, and each keeps its thread for hold seconds? Return None (or "
        "math.inf) when that never happens.",
        "請寫 time_to_fill(threads, rate, hold)：線程池原本空閒，每秒均勻地到達 rate 個請求，每個請求占用線程 hold 秒，"
        "幾秒後所有線程都忙碌？如果永遠不會，請返回 None（或 math.inf）。"),
    wants="time_to_fill(threads, rate, hold)",
    arguments=3,
    # Between the two, where rate × hold is about the number of threads, a single arrival decides.
    promises=(Promise(st.builds(_filling, _THREADS, _RATE, _TENTHS), _fills, _show, _FULL_HINT),
              Promise(st.builds(_never_filling, _THREADS, st.just(0) | _RATE, _TENTHS), _never_fills, _show,
                      _ARGUMENTS_HINT)))
