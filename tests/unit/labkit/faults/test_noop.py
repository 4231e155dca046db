"""The example to copy lets everything through."""

from __future__ import annotations

from labkit.faults.noop import Noop
from tests.unit.labkit.faults.virtual import Wire


def test_everything_goes_through_before_during_and_after() -> None:
    wire = Wire()
    for act in (lambda: None, lambda: wire.inject(Noop()), lambda: wire.lift(1)):
        act()
        wire.ask(b"?")
        wire.answer(b"!")
    assert (wire.upstream.data, wire.client.data) == (b"???", b"!!!")
