"""Exercise: a retry budget. Retries may add a share to the requests, never multiply them.

An answer may begin with an allowance or with nothing, as long as it never lets more than the share and the three saved
ones through. So it is held between two budgets of three: one that began full, which it must not exceed, and one that
began empty, which it must not fall short of. Both count in fractions: ten times 0.1 in floats is less than 1.
"""

from __future__ import annotations

from fractions import Fraction
from typing import Any

from hypothesis import strategies as st

from labkit.check.grader import Broke, Grader, Promise
from labkit.check.steps import Step, joined, lines
from labkit.language import Text

__all__ = ["GRADER"]

SAVED = 3  # retries
Example = tuple[str, list[Step]]  # share as it is written, and ("requests", n) or ("retries", n), one after another

_NAMES = {"requests": Text("requests that come: {n}", "到達的請求：{n} 個"),
          "retries": Text("retries that are wanted: {n}", "想要的重試：{n} 次")}
_RULE_HINT = Text("Each request pays in its share, each retry takes out 1; where less than 1 is left it is refused.",
                  "每個請求存入 share，每次重試取出 1；餘額不到 1 就拒絕。")
_SAVING_HINT = Text("How much is saved up when nobody retries for an hour? And is each retry taken out?",
                    "一個小時都沒有人重試時，會存下多少？每次重試都有取出嗎？")
_BURST = Text("It let more retries through than the {saved} that may be saved up and the share of what came then.",
              "它放行的重試，超過了最多能存的 {saved} 次，加上這段時間請求的 share。")
_TOO_MANY = Text("Retries let through: {retries}. Requests: {requests}. That is more than the share and {saved} more.",
                 "放行的重試：{retries} 次；請求：{requests} 個。這超過了 share 再加 {saved} 次。")
_TOO_FEW = Text("It refused a retry although {saved:g} were saved up (requests: {requests}, retries: {retries}).",
                "存下的額度還有 {saved:g}，它卻拒絕了重試（目前 {requests} 個請求、{retries} 次重試）。")


def _play(answer: Any, example: Example) -> Broke | None:
    share, steps = example
    budget, part = answer(float(share)), Fraction(share)
    most, least, requests, retries = Fraction(SAVED), Fraction(0), 0, 0
    for what in (what for what, times in steps for _ in range(times)):
        if what == "requests":
            budget.request()
            most, least, requests = _paid_in(most, part), _paid_in(least, part), requests + 1
        elif budget.may_retry():
            most, least, retries = most - 1, max(least - 1, Fraction(0)), retries + 1
            if most < 0:
                return _too_many(Fraction(share), requests, retries)
        elif least >= 1 + part:  # one more request than needed, for those who add floats
            return Broke(_TOO_FEW.format(saved=float(least), requests=requests, retries=retries), _RULE_HINT)
    return None


def _paid_in(balance: Fraction, part: Fraction) -> Fraction:
    return min(balance + part, Fraction(SAVED))


def _too_many(share: Fraction, requests: int, retries: int) -> Broke:
    if retries <= share * requests + SAVED:
        return Broke(_BURST.format(saved=SAVED), _SAVING_HINT)
    return Broke(_TOO_MANY.format(retries=retries, requests=requests, saved=SAVED), _RULE_HINT)


def _show(example: Example) -> Text:
    share, steps = example
    return lines(f"budget = Budget({share})", joined(steps, _NAMES), _NAMES)


_STEPS = st.tuples(st.sampled_from(["requests", "retries"]), st.integers(1, 40))

GRADER = Grader(
    name="retry-budget",
    statement=Text(
        "Write class Budget with Budget(share), request() and may_retry(). request() is called for each original "
        "request; may_retry() is True when a retry may be made now, which then counts as made. Retries may be at most "
        "share of the requests; what is not used may be saved up, three retries at most.",
        "請寫類別 Budget，有 Budget(share)、request() 和 may_retry()。每個原始請求都會調用 request()；may_retry() 在"
        "現在可以重試時返回 True，並算作重試了一次。重試最多是請求的 share 倍；沒用完的可以存起來，最多存三次。"),
    wants="class Budget: Budget(share), request(), may_retry()",
    arguments=1,
    methods={"request": 0, "may_retry": 0},
    promises=(Promise(st.tuples(st.sampled_from(["0.5", "0.2", "0.1"]), st.lists(_STEPS, min_size=1, max_size=6)),
                      _play, _show, _RULE_HINT),))
