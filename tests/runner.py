"""``./run test`` and ``./run labs``: every check, in an order that keeps them out of each other's way, and one count.

What only computes runs first, on all cores: the units, and the builds of small books; programs are fetched beside it. Then
come the real systems and the environments, several side by side, for their tests mostly wait: for programs to start, to
elect, and to be installed. What measures runs with nothing beside it: the build of the site, which runs each lab, with the
tests of it that are marked ``alone``; then, after the site's other tests on all cores, real processes and the labs on each
substrate.
A lab ends at its first failing cell, as it would for a reader. The last line is the sum of all parts.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from xml.etree import ElementTree

from tests import needs
from tests.fetched import FETCHED, begun
from tests.support import docker_engine, docker_images

ROOT = Path(__file__).resolve().parents[1]
LABS = sorted(ROOT.glob("labs/*.ipynb"))
CELL_SECONDS = 120  # a cell that takes longer hangs: a whole lab takes 90 s at most
DOCKER_CELL_SECONDS = 300  # a repeated run starts its services anew, which containers do more slowly than forks
NOTHING_COLLECTED = 5  # pytest's exit status
SIDE_BY_SIDE = ["tests/system/docker/test_airgap.py", "tests/system/docker/test_compose.py",
                "tests/system/docker/test_devcontainer.py", "tests/system/docker/test_binder.py", "tests/system/get",
                "tests/system/systems"]  # the longest first


@dataclass
class Part:
    """Some checks that run as one pytest: what they are called, and its arguments.

    One that only ``computes`` neither measures nor needs a system, so programs are fetched beside it.
    """

    name: str
    arguments: list[str]
    substrate: str = ""
    computes: bool = False
    passed: int = 0
    failed: int = 0
    skipped: int = 0
    seconds: float = 0.0


@dataclass
class Sum:
    """The parts that have run."""

    parts: list[Part] = field(default_factory=list)

    def of(self, what: str) -> int:
        """How many passed, failed or were skipped in all parts."""
        return sum(getattr(part, what) for part in self.parts)


def main(verb: str, arguments: list[str]) -> int:
    """Run the parts of ``verb``; 0 when something passed and nothing failed."""
    ci = os.environ.get("CI") == "true"
    total = Sum()
    if verb == "test":
        needs.install()
    with begun(FETCHED if verb == "test" and not any(map(_is_path, arguments)) else ()) as fetched:
        for part in _chosen(verb, arguments):
            if not part.computes:
                fetched()
            print(f"\n── {part.name} " + "─" * max(3, 90 - len(part.name)), flush=True)
            _run(part, picky=not arguments)
            total.parts.append(part)
    _report(total, ci)
    return 1 if total.of("failed") or not total.of("passed") or (ci and total.of("skipped")) else 0


def _chosen(verb: str, arguments: list[str]) -> list[Part]:
    """All parts of the verb; or, where a file or folder was named, that one."""
    if any(_is_path(argument) for argument in arguments):
        options = notebook_options() if any(".ipynb" in argument for argument in arguments) else []
        return [Part("as asked", [*options, *arguments])]
    parts = _labs("") if verb == "labs" else _checks() + _labs("process") + _labs("docker") * docker_engine.available()
    return [Part(part.name, [*part.arguments, *arguments], part.substrate, part.computes) for part in parts]


def _checks() -> list[Part]:
    return [
        Part("rules and units", ["tests/lint", "tests/unit", "--numprocesses=auto", "--dist=worksteal"], computes=True),
        Part("small books", ["tests/books", "--numprocesses=auto", "--dist=worksteal"], computes=True),
        Part("real systems and environments", [*SIDE_BY_SIDE, "--numprocesses=3", "--dist=loadfile", "--no-loadscope-reorder"]),
        Part("site, measured", ["tests/site", "-m", "alone"]),
        Part("site", ["tests/site", "-m", "not alone", "--numprocesses=auto", "--dist=loadfile"]),
        Part("real processes", ["tests/system", *(f"--ignore={place}" for place in SIDE_BY_SIDE)]),
    ]


def _labs(substrate: str) -> list[Part]:
    """Each lab, on the substrate that it chooses itself ("") or on this one."""
    where = {"": "", "process": " in local processes", "docker": " in containers"}[substrate]
    options = notebook_options(DOCKER_CELL_SECONDS if substrate == "docker" else CELL_SECONDS)
    return [Part(lab.relative_to(ROOT).as_posix() + where, [*options, str(lab)], substrate) for lab in LABS]


def notebook_options(cell_seconds: int = CELL_SECONDS) -> list[str]:
    """How nbval runs a lab; what it prints of each step of a progress bar would hide the failure itself."""
    return ["--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={cell_seconds}", "--exitfirst", "--show-capture=no",
            f"--nbval-sanitize-with={ROOT / 'tests' / 'nbval_sanitize.cfg'}"]


def _is_path(argument: str) -> bool:
    """Whether this names a file, a folder or a test, and is no option or the word after one."""
    return not argument.startswith("-") and ("/" in argument or argument.endswith((".py", ".ipynb")))


def _run(part: Part, picky: bool) -> None:
    """Run one part and count; ``picky``: a part that ran no test has failed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        record = Path(folder) / "record.xml"
        command = [sys.executable, "-m", "pytest", "--quiet", f"--junit-xml={record}", *part.arguments]
        with _where(part.substrate) as environment:
            status = subprocess.run(command, cwd=ROOT, env={**os.environ, **environment}).returncode
        _count(part, record)
    none_ran = status == NOTHING_COLLECTED
    if status and not part.failed and (picky or not none_ran):
        part.failed = 1  # pytest itself broke: a syntax error, an unknown option, a signal
    part.seconds = time.monotonic() - began


@contextlib.contextmanager
def _where(substrate: str) -> Iterator[dict[str, str]]:
    """What tells a lab to run there; beside a Docker engine with its images where it is to run in containers."""
    if substrate != "docker":
        yield {"LABKIT_SUBSTRATE": substrate} if substrate else {}
        return
    with docker_engine.engine() as address:
        docker_images.have_all(address)
        yield {"LABKIT_SUBSTRATE": substrate, "DOCKER_HOST": address}


def _count(part: Part, record: Path) -> None:
    if not record.exists():
        return
    for suite in ElementTree.parse(record).getroot().iter("testsuite"):
        part.failed += int(suite.get("failures", 0)) + int(suite.get("errors", 0))
        part.skipped += int(suite.get("skipped", 0))
        part.passed += int(suite.get("tests", 0))
    part.passed = max(0, part.passed - part.failed - part.skipped)


def _report(total: Sum, ci: bool) -> None:
    print("\n── sum " + "─" * 85)
    for part in total.parts:
        skipped = f", {part.skipped} skipped" if part.skipped else ""
        print(f"{part.passed:5d} passed, {part.failed} failed{skipped}  {part.name}, {part.seconds:.0f} s")
    for line in needs.missing() if total.of("skipped") or total.of("failed") else []:
        print(f"Not here: {line}.")
    if ci and total.of("skipped"):
        print("With CI=true a check that cannot run is a failure.")
    skipped = f", {total.of('skipped')} skipped" if total.of("skipped") else ""
    print(f"{total.of('passed')} passed, {total.of('failed')} failed{skipped}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
