"""The exercise retry-budget: its model answers, and wrong ones by name."""

from __future__ import annotations

import pytest

from tests.unit.labkit.check.graders.grading import fails, passes

NAME = "retry-budget"


class Model:
    def __init__(self, share: float) -> None:
        self.share, self.saved = share, 0.0

    def request(self) -> None:
        self.saved = min(3.0, self.saved + self.share)

    def may_retry(self) -> bool:
        if self.saved < 1:
            return False
        self.saved -= 1
        return True


class BeginsFull(Model):
    def __init__(self, share: float) -> None:
        super().__init__(share)
        self.saved = 3.0


class BookBudget:
    """What mini_services.patterns.budget does, in whole millionths, with a reserve of one and a ceiling of three."""

    def __init__(self, share: float) -> None:
        self.share, self.saved = round(share * 1_000_000), 1_000_000

    def request(self) -> None:
        self.saved = min(3_000_000, self.saved + self.share)

    def may_retry(self) -> bool:
        if self.saved < 1_000_000:
            return False
        self.saved -= 1_000_000
        return True


@pytest.mark.parametrize("answer", [Model, BeginsFull, BookBudget])
def test_right_answers_pass(answer: type) -> None:
    passes(NAME, answer)


class AlwaysTrue(Model):
    def may_retry(self) -> bool:
        return True


class AlwaysFalse(Model):
    def may_retry(self) -> bool:
        return False


class SavesWithoutEnd(Model):
    def request(self) -> None:
        self.saved += self.share


class NeverRefills(BeginsFull):
    def request(self) -> None:
        pass


class CountsRetriesInstead(Model):
    """Its share is one of what is asked of it, so every refused retry pays for the next."""

    def request(self) -> None:
        pass

    def may_retry(self) -> bool:
        super().request()
        return super().may_retry()


class IgnoresTheShare(Model):
    """One retry for each request."""

    def __init__(self, share: float) -> None:
        super().__init__(1.0)

    def request(self) -> None:
        self.saved += self.share


class NeverTakesOut(Model):
    def may_retry(self) -> bool:
        return self.saved >= 1


class ForgetsToSayYes(Model):
    def may_retry(self) -> bool:
        super().may_retry()
        return None  # type: ignore[return-value]  # the mistake that is tested


class Misspells(Model):
    def request(self) -> None:
        self.saved += self.shares  # type: ignore[attr-defined]  # the mistake that is tested


MADE = "budget = Budget(0.5)\n"
FEW = MADE + "requests that come: 3\nretries that are wanted: 1"


@pytest.mark.parametrize(("answer", "broke", "example", "hint"), [
    (AlwaysTrue, "Retries let through: 4. Requests: 0. That is more than", MADE + "retries that are wanted: 4",
     "takes out 1"),
    (AlwaysFalse, "refused a retry although 1.5 were saved up (requests: 3, retries: 0)", FEW, "pays in"),
    (SavesWithoutEnd, "more retries through than the 3 that may be saved up",
     MADE + "requests that come: 8\nretries that are wanted: 4", "nobody retries for an hour"),
    (NeverRefills, "refused a retry although 1.5",
     MADE + "retries that are wanted: 3\nrequests that come: 3\nretries that are wanted: 1", "pays in"),
    (CountsRetriesInstead, "refused a retry although 1.5", FEW, "pays in"),
    (IgnoresTheShare, "more retries through than the 3 that may be saved up",
     MADE + "requests that come: 4\nretries that are wanted: 4", "nobody retries"),
    (NeverTakesOut, "more retries through than the 3 that may be saved up",
     MADE + "requests that come: 2\nretries that are wanted: 4", "nobody retries"),
    (ForgetsToSayYes, "refused a retry although 1.5", FEW, "pays in"),
    (Misspells, "It raised AttributeError: 'Misspells' object has no attribute 'shares' (line ",
     MADE + "requests that come: 1", "pays in")])
def test_wrong_answers_fail_with_the_smallest_example(answer: type, broke: str, example: str, hint: str) -> None:
    fails(NAME, answer, broke, example, hint)
