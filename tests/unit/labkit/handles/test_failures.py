"""A service that does not start is told with what to do about it."""

from __future__ import annotations

import pytest

from labkit.handles.failures import ended_while_starting, never_answered
from labkit.handles.recipe import AppRecipe
from labkit.language import Text
from labkit.substrates.substrate import Died
from tests.unit.labkit.handles.fakes import FakeProcess


def ended(status: int, log: str = "") -> str:
    process = FakeProcess("stock-1", 1000, [])
    process.end(status)
    process.text = log
    return str(ended_while_starting("stock-1", process))


def test_the_status_and_the_last_lines_are_told() -> None:
    assert ended(3, "one\ntwo\n").splitlines() == [
        "the last lines of its log are", "    one", "    two",
        "stock-1 ended while it started (exit status 3). Mend what its log says, then run the cell again."]


@pytest.mark.parametrize(("status", "log", "hint"), [
    (-9, "", "short of memory. Close other programs or start fewer instances, then"),
    (1, "Traceback\nMemoryError\n", "short of memory. Close other programs or start fewer instances, then"),
    (1, "OSError: [Errno 28] No space left on device\n", "no space left on the disk. Free some, or set LABKIT_TMP"),
    (1, "", "It wrote nothing, not even why: see whether there is space left on the disk"),
])
def test_what_the_machine_lacks_is_told(status: int, log: str, hint: str) -> None:
    assert hint in ended(status, log)
    assert hint not in ended(1, "RuntimeError: on purpose\n")


class Unstarted(FakeProcess):
    """The system refused to make it, so it has no pid."""

    @property
    def pid(self) -> int:
        raise Died(Text("stock-1 could not be started: no memory.", ""), "")

    @pid.setter
    def pid(self, value: int) -> None:
        pass


def test_the_cause_is_told_when_it_could_not_even_be_started() -> None:
    with pytest.raises(Died, match="could not be started: no memory"):
        ended_while_starting("stock-1", Unstarted("stock-1", 0, []))


def test_one_that_never_answers_is_told_with_how_long_it_was_waited_for() -> None:
    process = FakeProcess("stock-1", 1000, [])
    process.text = "thinking\n"
    text = str(never_answered("stock-1", AppRecipe.silence, 30.0, process))
    assert text.splitlines()[:2] == ["the last lines of its log are", "    thinking"]
    assert text.splitlines()[2].startswith("stock-1 did not answer /health within 30 s and was ended. Mend what keeps it from that")
