"""The retry budget: a share of the requests, a reserve, a ceiling, to the retry."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mini_services.patterns.budget import Budget


def spend(budget: Budget) -> int:
    """Retries that it lets through now."""
    retries = 0
    while budget.withdraw():
        retries += 1
    return retries


def test_ten_requests_at_a_share_of_a_tenth_buy_exactly_one_retry() -> None:
    budget = Budget(0.1, reserve=0)
    for _ in range(9):
        budget.deposit()
    assert spend(budget) == 0
    budget.deposit()
    assert spend(budget) == 1


def test_begins_with_its_reserve_and_saves_no_more_than_its_ceiling() -> None:
    budget = Budget(1.0, reserve=2, ceiling=5)
    assert budget.balance == 2.0
    for _ in range(100):
        budget.deposit()
    assert spend(budget) == 5


@given(
    share=st.sampled_from([0.0, 0.05, 0.1, 0.2, 0.5, 1.0]),
    reserve=st.integers(0, 4),
    saved=st.integers(0, 6),
    steps=st.lists(st.booleans(), max_size=300),
)
def test_never_gives_more_than_it_was_paid_and_never_less(share: float, reserve: int, saved: int, steps: list[bool]) -> None:
    ceiling = reserve + saved
    budget = Budget(share, reserve=reserve, ceiling=ceiling)
    balance = reserve * 100
    for is_request in steps:
        if is_request:
            budget.deposit()
            balance = min(ceiling * 100, balance + round(share * 100))
        else:
            assert budget.withdraw() == (balance >= 100)
            balance -= 100 if balance >= 100 else 0
        assert budget.balance == pytest.approx(balance / 100)


@pytest.mark.parametrize(("share", "reserve", "ceiling"), [(-0.1, 0, 1), (0.1, -1, 1), (0.1, 2, 1)])
def test_a_budget_that_makes_no_sense_is_refused(share: float, reserve: int, ceiling: int) -> None:
    with pytest.raises(ValueError, match="a budget needs"):
        Budget(share, reserve=reserve, ceiling=ceiling)
