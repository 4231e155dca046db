"""The breaker against a simple model: calls begin and end in any order, and both must always agree."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import Bundle, RuleBasedStateMachine, consumes, initialize, invariant, rule

from mini_services.patterns.breaker import Breaker, BreakerOpen, Rules
from tests.unit.mini_services.patterns.virtual_time import Clock


class Sick(Exception):
    """The callee failed."""


class AgainstAModel(RuleBasedStateMachine):
    """The model keeps everything in plain lists and counts anew each time."""

    under_way = Bundle("under_way")

    @initialize(
        window=st.integers(1, 8),
        threshold=st.sampled_from([0.25, 0.5, 0.75, 1.0]),
        minimum=st.integers(1, 4),
        reset_after=st.integers(0, 4),
        probes=st.integers(1, 3),
    )
    def build(self, window: int, threshold: float, minimum: int, reset_after: int, probes: int) -> None:
        self.clock = Clock()
        self.given = Rules(window, threshold, minimum, reset_after, probes)
        self.told: list[tuple[str, str]] = []
        self.breaker = Breaker(
            self.given,
            failures=(Sick,),
            clock=self.clock,
            on_change=lambda before, after, at: self.told.append((before, after)),
        )
        self.state, self.round, self.opened_at = "closed", 0, 0.0
        self.ended: list[tuple[float, bool]] = []  # closed: (when, failed)
        self.asked = self.succeeded = 0  # half-open

    def enter(self, state: str) -> None:
        """The model changes state: a new round, with nothing counted."""
        self.state, self.round, self.opened_at = state, self.round + 1, self.clock.now
        self.ended, self.asked, self.succeeded = [], 0, 0

    @rule(seconds=st.integers(0, 5))
    def time_passes(self, seconds: int) -> None:
        self.clock.now += seconds

    @rule(target=under_way)
    def a_call_begins(self) -> tuple[AbstractContextManager[None], int] | None:
        if self.state == "open" and self.clock.now >= self.opened_at + self.given.reset_after:
            self.enter("half-open")
        expected = self.state == "closed" or (self.state == "half-open" and self.asked < self.given.probes)
        guard = self.breaker.guard()
        try:
            guard.__enter__()
        except BreakerOpen:
            assert not expected
            return None
        assert expected
        self.asked += 1
        return guard, self.round

    @rule(call=consumes(under_way), outcome=st.sampled_from(["works", "fails", "neither"]))
    def a_call_ends(self, call: tuple[AbstractContextManager[None], int] | None, outcome: str) -> None:
        if call is None:
            return
        guard, began = call
        error = {"works": None, "fails": Sick(), "neither": KeyError()}[outcome]
        guard.__exit__(type(error) if error else None, error, None)
        if began == self.round:
            self.judge(outcome)

    def judge(self, outcome: str) -> None:
        """What the book says must follow."""
        if outcome == "neither":
            self.asked -= 1
        elif self.state == "half-open":
            self.succeeded += outcome == "works"
            if outcome == "fails":
                self.enter("open")
            elif self.succeeded == self.given.probes:
                self.enter("closed")
        else:
            self.ended.append((self.clock.now, outcome == "fails"))
            recent = [failed for when, failed in self.ended if when > self.clock.now - self.given.window]
            if len(recent) >= self.given.minimum and sum(recent) >= self.given.threshold * len(recent):
                self.enter("open")

    @invariant()
    def they_agree(self) -> None:
        assert self.breaker.state == self.state
        assert all(before != after for before, after in self.told)
        assert all(first[1] == second[0] for first, second in zip(self.told, self.told[1:], strict=False))


AgainstAModel.TestCase.settings = settings(max_examples=150, stateful_step_count=40, deadline=None)
TestAgainstAModel: Callable[[], object] = AgainstAModel.TestCase
