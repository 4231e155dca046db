"""``./run bench [--json] [NAME ...]``: measure what this book promises of itself; exit 1 when a line does not hold."""

from __future__ import annotations

import argparse
import contextlib
import io
import json
import sys
from collections.abc import Callable, Iterator

from tests.bench import ends, loads, records, starts
from tests.bench.line import Line

__all__ = ["main"]

PARTS: dict[str, Callable[[], Iterator[Line]]] = {
    "starts": starts.lines, "loads": loads.lines, "records": records.lines, "ends": ends.lines}


def main(arguments: list[str]) -> int:
    """Measure, print a line as soon as it is known, and say in the exit status whether all hold."""
    parser = argparse.ArgumentParser(prog="./run bench", description=__doc__)
    parser.add_argument("--json", action="store_true", help="one JSON object a line: name, value, goal, holds")
    parser.add_argument("part", nargs="*", choices=[[], *PARTS], help="measure these alone: " + ", ".join(PARTS))
    chosen = parser.parse_args(arguments)
    held = []
    for part in chosen.part or PARTS:
        for line in _quiet(PARTS[part]()):
            print(_json(line) if chosen.json else _row(line), flush=True)
            held.append(line.holds)
    if not chosen.json:
        print(f"{sum(held)} of {len(held)} lines hold")
    return 0 if all(held) else 1


def _quiet(lines: Iterator[Line]) -> Iterator[Line]:
    """What a lab says of itself is not of interest here."""
    while True:
        with contextlib.redirect_stdout(io.StringIO()):
            line = next(lines, None)
        if line is None:
            return
        yield line


def _row(line: Line) -> str:
    sign = "≥" if line.at_least else "≤"
    return f"{'holds' if line.holds else 'FAILS'}  {line.value:9,.3f}  {sign} {line.goal:<8,g} {line.name:14} {line.what}"


def _json(line: Line) -> str:
    return json.dumps({"name": line.name, "value": round(line.value, 4), "goal": line.goal, "holds": line.holds})


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
