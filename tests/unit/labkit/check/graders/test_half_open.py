"""The exercise half-open: its model answer, and wrong ones by name."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "half-open"


class Model:
    def __init__(self, failures: int, reset_after: float, clock: Callable[[], float]) -> None:
        self.limit, self.reset_after, self.clock = failures, reset_after, clock
        self.close()

    def close(self) -> None:
        self.failed, self.opened, self.probing = 0, None, False
        self.opened: float | None

    def open(self) -> None:
        self.opened, self.probing = self.clock(), False

    def allow(self) -> bool:
        if self.opened is None:
            return True
        if self.probing or self.clock() - self.opened < self.reset_after:
            return False
        self.probing = True
        return True

    def success(self) -> None:
        self.close()

    def failure(self) -> None:
        self.failed += 1
        if self.probing or (self.opened is None and self.failed >= self.limit):
            self.open()


def test_the_right_answer_passes() -> None:
    passes(NAME, Model)


class NeverOpens(Model):
    def failure(self) -> None:
        pass


class OpensOneLate(Model):
    def failure(self) -> None:
        self.failed += 1
        if self.probing or self.failed > self.limit:
            self.open()


class CountsAllFailures(Model):
    """Success does not begin the count anew."""

    def success(self) -> None:
        if self.opened is not None:
            self.close()


class NeverProbes(Model):
    def allow(self) -> bool:
        return self.opened is None


class ProbesTooEarly(Model):
    def __init__(self, failures: int, reset_after: float, clock: Callable[[], float]) -> None:
        super().__init__(failures, reset_after / 2, clock)


class LetsEveryoneThrough(Model):
    """When the wait is over it lets all calls through until one has ended."""

    def allow(self) -> bool:
        return super().allow() or self.probing


class NeverReopens(Model):
    def failure(self) -> None:
        self.failed += 1
        if self.probing:
            self.close()
        elif self.opened is None and self.failed >= self.limit:
            self.open()


class KeepsTheFirstWait(Model):
    """It opens again, but the wait still runs from the first opening."""

    def open(self) -> None:
        self.opened, self.probing = self.clock() if self.opened is None else self.opened, False


class ClosesByItself(Model):
    """When the wait is over it closes, with nobody having succeeded."""

    def allow(self) -> bool:
        if self.opened is not None and self.clock() - self.opened >= self.reset_after:
            self.close()
        return self.opened is None


class NeverCloses(Model):
    def success(self) -> None:
        self.failed, self.probing = 0, False


class RemembersTheFailures(Model):
    """The probe closes it, but the failures from before still count."""

    def success(self) -> None:
        if self.opened is None:
            self.failed = 0
        self.opened, self.probing = None, False


ONE = "breaker = Breaker(failures=1, reset_after=5, clock=clock)\n"
TWO = "breaker = Breaker(failures=2, reset_after=5, clock=clock)\n"
FAIL = "calls at this moment: 1; what is let through fails\n"
GOOD = "calls at this moment: 1; what is let through succeeds\n"
BOTH_FAIL = FAIL.replace("1", "2")
PASS = "6 seconds pass\n"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (NeverOpens, "Failures in a row: 1, which should open it, and the next call was let through", ONE + FAIL + FAIL,
     "since the last success"),
    (OpensOneLate, "Failures in a row: 1, which should open it", ONE + FAIL + FAIL, "since the last success"),
    (CountsAllFailures, "Failures in a row: 1 of the 2 that open it, and it refuses", TWO + FAIL + GOOD + FAIL + FAIL,
     "since the last success"),
    (NeverProbes, "It opened 6 s ago, and it refuses the call that should be the probe", ONE + FAIL + PASS + FAIL,
     "Note the time"),
    (ProbesTooEarly, "It opened only 4 s ago, and it lets a call through", ONE + FAIL + "4 seconds pass\n" + FAIL,
     "Note the time"),
    (LetsEveryoneThrough, "a second call through while the probe was still under way", ONE + FAIL + PASS + BOTH_FAIL,
     "a probe is under way until"),
    (NeverReopens, "The probe failed 0 s ago, and it lets a call through again", ONE + FAIL + PASS + FAIL + FAIL,
     "What does failure() do"),
    (KeepsTheFirstWait, "The probe failed 0 s ago", ONE + FAIL + PASS + FAIL + FAIL, "What does failure() do"),
    (ClosesByItself, "a second call through while the probe was still under way", ONE + FAIL + PASS + BOTH_FAIL,
     "a probe is under way until"),
    (NeverCloses, "The probe succeeded. Failures in a row since then: 0 of 1, and it refuses a call",
     ONE + FAIL + PASS + GOOD + BOTH_FAIL, "What does success() have to undo"),
    (RemembersTheFailures, "The probe succeeded. Failures in a row since then: 1 of 2",
     TWO + FAIL + FAIL + PASS + GOOD + FAIL + FAIL, "What does success() have to undo")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example.rstrip("\n"), hint)
