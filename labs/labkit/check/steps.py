"""An example that is a sequence of steps, written for the reader: a line each, the same ones together."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

from labkit.language import Text

__all__ = ["Step", "joined", "lines"]

Step = tuple[str, int]


def joined(steps: Iterable[Step], together: Collection[str]) -> list[Step]:
    """The steps, with neighbours of one kind made one where it is all the same: waiting 2 s and 4 s is waiting 6 s."""
    found: list[Step] = []
    for what, number in steps:
        if found and found[-1][0] == what and what in together:
            found[-1] = what, found[-1][1] + number
        else:
            found.append((what, number))
    return found


def lines(code: str, steps: Iterable[Step], names: Mapping[str, Text]) -> Text:
    """The line of code that an example begins with, and a line for each step after it."""
    said = [names[what].format(n=number) for what, number in steps]
    return Text("\n".join([code, *(line.en for line in said)]), "\n".join([code, *(line.zh for line in said)]))
