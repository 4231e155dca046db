"""What is told of a piece that died."""

from __future__ import annotations

from labkit.language import Text
from labkit.substrates.substrate import Died

GONE = Text("It is gone.", "它不在了。")


def test_the_last_lines_of_the_log_are_part_of_the_message() -> None:
    log = "\n".join(f"line {number}" for number in range(20))
    lines = str(Died(GONE, log)).splitlines()
    assert [line.strip() for line in lines[1:-1]] == [f"line {number}" for number in range(8, 20)]
    assert lines[-1] == "It is gone."  # where a traceback ends, and a reader looks first


def test_without_a_log_the_sentence_stands_alone() -> None:
    assert str(Died(GONE, "")) == "It is gone."
