"""The reset, on connections whose sockets are lists."""

from __future__ import annotations

from labkit.faults.reset import Reset
from tests.unit.labkit.faults.virtual import Wire


def share_reset(fault: Reset, connections: int = 1000) -> float:
    make = fault.behaviour()
    wires = [Wire() for _ in range(connections)]
    for wire in wires:
        wire.connection.attach(1, make, new=True)
    return sum(wire.client.ended == "reset" for wire in wires) / connections


def test_open_connections_are_reset_on_both_sides() -> None:
    wire = Wire()
    wire.inject(Reset())
    assert (wire.client.ended, wire.upstream.ended) == ("reset", "reset")
    assert wire.over


def test_a_new_connection_is_reset_before_it_reaches_the_upstream() -> None:
    wire = Wire(None, Reset())
    assert wire.client.ended == "reset"
    assert wire.dials == 0
    assert wire.over


def test_a_connection_that_is_reset_while_it_is_being_accepted_is_not_left_open() -> None:
    wire = Wire(accept=False)
    wire.inject(Reset())
    wire.accept()
    assert wire.client.ended == "reset"
    assert wire.dials == 0
    assert wire.over


def test_with_less_than_all_open_connections_stay_and_that_share_of_new_ones_goes() -> None:
    wire = Wire()
    wire.inject(Reset(0.5))
    assert not wire.client.ended
    assert 0.45 < share_reset(Reset(0.5)) < 0.55
    assert 0.07 < share_reset(Reset(0.1)) < 0.13
    assert share_reset(Reset(0.0), 100) == 0


def test_the_same_seed_draws_the_same_share() -> None:
    assert share_reset(Reset(0.5, seed=4), 101) == share_reset(Reset(0.5, seed=4), 101)
    assert share_reset(Reset(0.5, seed=4), 101) != share_reset(Reset(0.5, seed=5), 101)
