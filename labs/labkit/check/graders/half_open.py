"""Exercise: the smallest breaker that recovers. Closed, open, and half-open with exactly one probe.

Callers come one or several at a time; those let through all report the same, at once. The clock is the grader's. Its
steps are even and the wait is odd, so that no caller comes in the very moment in which the wait ends.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, joined, lines
from labkit.language import Text

__all__ = ["GRADER"]

WAIT = 5  # seconds from opening to the probe
Example = tuple[int, list[Step]]  # failures that open it; ("wait", seconds), ("succeed", callers), ("fail", callers)

_OPENING_HINT = Text("Count the failures since the last success.", "計算上一次成功之後失敗了幾次。")
_OPEN_HINT = Text("Note the time when it opens, and compare with it in allow().", "記下開啟的時間，在 allow() 裡比較。")
_PROBE_HINT = Text("Remember that a probe is under way until success() or failure() is called.",
                   "在 success() 或 failure() 被調用之前，要記得探測還在進行。")
_AGAIN_HINT = Text("What does failure() do when the call that failed was the probe?",
                   "失敗的調用正是探測時，failure() 做了什麼？")
_CLOSING_HINT = Text("What does success() have to undo?", "success() 必須把什麼復原？")
_STEPS = {"wait": Text("{n} seconds pass", "過了 {n} 秒"),
          "fail": Text("calls at this moment: {n}; what is let through fails", "此刻的調用：{n} 個；放行的都失敗"),
          "succeed": Text("calls at this moment: {n}; what is let through succeeds",
                          "此刻的調用：{n} 個；放行的都成功")}

_TWO_PROBES = Text("It let a second call through while the probe was still under way.",
                   "探測還在進行，它就放行了第二個調用。")
_AGAIN = Text("The probe failed {ago:g} s ago, and it lets a call through again.",
              "{ago:g} 秒前探測失敗，它卻又放行了調用。")
_NOT_OPENED = Text("Failures in a row: {limit}, which should open it, and the next call was let through.",
                   "連續失敗 {limit} 次，應該開啟，下一個調用卻還是被放行了。")
_TOO_EARLY = Text("It opened only {ago:g} s ago, and it lets a call through.",
                  "它 {ago:g} 秒前才開啟，就放行了調用。")
_NO_PROBE = Text("It opened {ago:g} s ago, and it refuses the call that should be the probe.",
                 "它 {ago:g} 秒前開啟，卻拒絕了應該當作探測的調用。")
_NOT_CLOSED = Text("The probe succeeded. Failures in a row since then: {failures} of {limit}, and it refuses a call.",
                   "探測已經成功。之後連續失敗 {failures} 次（{limit} 次才開啟），它就拒絕調用。")
_OPENED = Text("Failures in a row: {failures} of the {limit} that open it, and it refuses a call.",
               "連續失敗 {failures} 次（{limit} 次才開啟），它就拒絕調用。")


@dataclass
class _Expected:
    """What a breaker must answer: `since` is when it opened, None while it is closed."""

    limit: int
    now: float = 100.0
    failures: int = 0
    since: float | None = None
    probing: bool = False
    probe_failed: bool = False
    recovered: bool = False

    def allows(self) -> bool:
        """Must this call be let through? Afterwards a probe, if it was one, is under way."""
        if self.since is None:
            return True
        if self.probing or self.now - self.since < WAIT:
            return False
        self.probing = True
        return True

    def ended(self, well: bool) -> None:
        """A call that was let through has ended."""
        if self.since is None:
            self.failures = 0 if well else self.failures + 1
            if self.failures >= self.limit:
                self.since, self.recovered, self.probe_failed = self.now, False, False
        elif self.probing and well:
            self.since, self.failures, self.probing, self.recovered = None, 0, False, True
        elif self.probing:
            self.since, self.probing, self.probe_failed = self.now, False, True

    def wrongly_allowed(self) -> Broke:
        """Why letting this call through was wrong."""
        if self.probing:
            return Broke(_TWO_PROBES, _PROBE_HINT)
        ago = self.now - (self.since or 0)
        if self.probe_failed:
            return Broke(_AGAIN.format(ago=ago), _AGAIN_HINT)
        if ago == 0:
            return Broke(_NOT_OPENED.format(limit=self.limit), _OPENING_HINT)
        return Broke(_TOO_EARLY.format(ago=ago), _OPEN_HINT)

    def wrongly_refused(self) -> Broke:
        """Why refusing this call was wrong."""
        if self.since is not None:
            return Broke(_NO_PROBE.format(ago=self.now - self.since), _OPEN_HINT)
        if self.recovered:
            return Broke(_NOT_CLOSED.format(failures=self.failures, limit=self.limit), _CLOSING_HINT)
        return Broke(_OPENED.format(failures=self.failures, limit=self.limit), _OPENING_HINT)


def _play(answer: Any, example: Example) -> Broke | None:
    limit, steps = example
    expected = _Expected(limit)
    breaker = answer(limit, WAIT, lambda: expected.now)
    for what, number in steps:
        if what == "wait":
            expected.now += number
        elif broke := _call(breaker, expected, what == "succeed", number):
            return broke
    return None


def _call(breaker: Any, expected: _Expected, well: bool, callers: int) -> Broke | None:
    """All callers ask, then those let through report."""
    through = 0
    for _ in range(callers):
        wanted, got = expected.allows(), bool(breaker.allow())
        if got and not wanted:
            return expected.wrongly_allowed()
        if wanted and not got:
            return expected.wrongly_refused()
        through += got
    for _ in range(through):
        (breaker.success if well else breaker.failure)()
        expected.ended(well)
    return None


def _show(example: Example) -> Text:
    limit, steps = example
    made = f"breaker = Breaker(failures={limit}, reset_after={WAIT}, clock=clock)"
    return lines(made, joined(steps, ["wait"]), _STEPS)


def _opened(limit: int, then: list[Step]) -> Example:
    """It fails so often that it opens, and the wait passes: all that comes now comes half-open or later."""
    return limit, [("fail", 1)] * limit + [("wait", 6), *then]


_CALLS = st.tuples(st.sampled_from(["fail", "succeed"]), st.integers(1, 2))
_WAITS = st.tuples(st.just("wait"), st.sampled_from([6, 2, 4]))
_LIMIT = st.integers(1, 2)

GRADER = Grader(
    name="half-open",
    statement=Text(
        "Write class Breaker with Breaker(failures, reset_after, clock), allow(), success() and failure(). allow() "
        "says whether a call may be made now; what was let through reports success() or failure(). After so many "
        "failures in a row it opens and refuses every call. When reset_after seconds have passed, by clock(), exactly "
        "one call is let through as a probe: if it succeeds the breaker closes, if it fails it opens for another "
        "reset_after seconds.",
        "請寫類別 Breaker，有 Breaker(failures, reset_after, clock)、allow()、success() 和 failure()。allow() 回答現在"
        "可不可以調用；放行的調用會以 success() 或 failure() 回報。連續失敗達到 failures 次就開啟，拒絕所有調用。"
        "依 clock() 過了 reset_after 秒之後，只放行一個調用作為探測：成功就關閉，失敗就再開啟 reset_after 秒。"),
    wants="class Breaker: Breaker(failures, reset_after, clock), allow(), success(), failure()",
    arguments=3,
    methods={"allow": 0, "success": 0, "failure": 0},
    promises=(Promise(st.tuples(_LIMIT, st.lists(_CALLS, min_size=1, max_size=6)), _play, _show, _OPENING_HINT),
              Promise(st.tuples(_LIMIT, st.lists(_CALLS | _WAITS, min_size=1, max_size=8)), _play, _show, _OPEN_HINT),
              Promise(st.builds(_opened, _LIMIT, st.lists(_CALLS | _WAITS, min_size=1, max_size=8)), _play, _show,
                      _AGAIN_HINT)))
