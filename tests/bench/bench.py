"""``./run bench [--json] [NAME ...]``: measure what this book promises of itself; exit 1 when a line does not hold."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import containers, ends, labs, loads, proxies, records, starts
from tests.bench.line import Line, Missing

__all__ = ["main"]

PARTS: dict[str, Callable[[], Iterator[Line | Missing]]] = {
    "starts": starts.lines, "containers": containers.lines, "loads": loads.lines, "records": records.lines,
    "proxies": proxies.lines, "ends": ends.lines, "labs": labs.lines}


def main(arguments: list[str]) -> int:
    """Measure, print a line as soon as it is known, and say in the exit status whether all hold."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line: name, value, goal, holds")
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help="measure these alone: " + ", ".join(PARTS))
    chosen = parser.parse_args(arguments)
    lines = []
    for part in chosen.part or PARTS:
        for line in _quiet(PARTS[part]()):
            print(json.dumps(line.record) if chosen.json else line.row, flush=True)
            lines.append(line)
    if not chosen.json:
        print(_sum(lines))
    return 0 if all(line.holds for line in lines) else 1


def _quiet(lines: Iterator[Line | Missing]) -> Iterator[Line | Missing]:
    """What a lab says of itself is not of interest here."""
    while True:
        with contextlib.redirect_stdout(io.StringIO()):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _sum(lines: list[Line | Missing]) -> str:
    measured = [line for line in lines if isinstance(line, Line)]
    missing = len(lines) - len(measured)
    return (f"{sum(line.holds for line in measured)} of {len(measured)} lines hold" +
            (f", {missing} could not be measured" if missing else ""))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
