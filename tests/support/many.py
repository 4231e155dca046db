"""Many kernels that run a lab at the same time: whether one meets what is another's, and what its claims come to.

On two cores ten whole labs are starved, and that is the point: a claim may hold, or say that the machine was too busy
to judge. One that *fails* is a failure of the gate, and so is an error that is no claim's.
"""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from labkit.check import records
from tests.support.crowd import belongings, shared
from tests.support.owners import Owner
from tests.support.users import User
from tests.support.waiting import wait_for

__all__ = ["Report", "run_many"]

LOOK_EVERY = 2.0  # seconds
MOST_SECONDS = 3600.0  # in containers, on two cores, ten labs that measure everything twice take half an hour
RAISED = re.compile(r"^raised (\d+) (\w+) (.*)$", re.MULTILINE)


@dataclass
class Report:
    """``troubles`` has a line for each thing that must not be; ``outcomes`` counts what the claims came to, by claim."""

    troubles: list[str] = field(default_factory=list)
    outcomes: Counter[str] = field(default_factory=Counter)
    by_claim: dict[str, Counter[str]] = field(default_factory=dict)
    looks: int = 0

    def __str__(self) -> str:
        came = ", ".join(f"{number} {outcome}" for outcome, number in sorted(self.outcomes.items()))
        return f"claims: {came}; looked {self.looks} times at what each has"


def run_many(lab: Path, number: int, folder: Path, users: Sequence[User | None], **variables: str) -> Report:
    """Run ``lab`` in so many kernels, of ``users`` in turn, all with their labs below ``folder``."""
    report, crowd = Report(), list[Owner]()
    try:
        for index in range(number):
            crowd.append(_kernel(lab, folder, users[index % len(users)], folder.parent / f"records-{index}", variables))
        _look_on(crowd, report)
        for index, one in enumerate(crowd):
            _judge(lab, index, one, folder.parent / f"records-{index}", report)
        _look_after(crowd, report)
    finally:
        for one in crowd:
            one.remains.end()
            one.process.wait(10)
    return report


def _kernel(lab: Path, folder: Path, user: User | None, kept: Path, variables: dict[str, str]) -> Owner:
    kept.mkdir()
    kept.chmod(0o777)
    return Owner(folder, ["-m", "tests.support.notebook", str(lab)], user, **{
        **variables, "CI": "true", "LABKIT_LANGUAGE": "en", "LABKIT_RECORDS": str(kept)})


def _look_on(crowd: Sequence[Owner], report: Report) -> None:
    """While any of them runs, look who has what."""
    until, pause = time.monotonic() + MOST_SECONDS, threading.Event()
    while any(not one.ended.is_set() for one in crowd):
        running = [one for one in crowd if not one.ended.is_set() and _is_kernel(one)]
        report.troubles += [f"two labs have {thing}" for thing in shared(belongings(one) for one in running)]
        report.looks += 1
        if time.monotonic() > until:
            report.troubles.append(f"not over after {MOST_SECONDS:g} s")
            return
        pause.wait(LOOK_EVERY)


def _is_kernel(one: Owner) -> bool:
    """The owner of the lab is the kernel, and known by then."""
    if "kernel" in one.stages:
        one.remains.owner = int(one.stages["kernel"][0])
    return "kernel" in one.stages


def _judge(lab: Path, index: int, one: Owner, kept: Path, report: Report) -> None:
    if "over" not in one.stages:
        report.troubles.append(f"kernel {index} did not come to its end:\n{one.output[-2000:]}")
    for cell, name, said in RAISED.findall(one.output):
        if name != "ClaimNotProven":
            report.troubles.append(f"kernel {index}, cell {cell}: {name}: {said}")
    for claim in records.judged_in(lab):
        record = records.read(claim, kept)
        outcome = record["outcome"] if record else "not judged"
        report.outcomes[outcome] += 1
        report.by_claim.setdefault(claim, Counter())[outcome] += 1
        if record is None:
            report.troubles.append(f"kernel {index}: {claim} was not judged")


def _look_after(crowd: Sequence[Owner], report: Report) -> None:
    """Each lab is closed by its last cell, and its kernel is gone: nothing may be left."""
    left = list[str]()

    def gone() -> bool:
        left[:] = [line for one in crowd for line in one.remains.left(folders=False)]
        left.extend(f"folder {path}" for path in crowd[0].remains.folders())
        return not left

    try:
        wait_for(gone, "nothing is left", 5.0)
    except AssertionError:
        report.troubles += [f"left: {line}" for line in left]
