"""Whatever is wrong gets a sentence that says what it was and what to do, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import re
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from labkit import Lab
from labkit.handles.service import Service
from labkit.substrates.substrate import Died
from tests.support.lab import watched
from tests.support.owners import ROOT
from tests.support.remains import MARK, Remains
from tests.support.waiting import wait_for

PACKAGE = "tests.support.services"
TINY = "tests.support.services.tiny:app"


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Service, Remains]]:
    """A lab and a service that no mistake may harm."""
    with watched(tmp_path_factory.mktemp("labs")) as remains, Lab(package=PACKAGE) as one:
        yield one, one.service("tiny", instances=2), remains
        remains.look()


@pytest.fixture
def lab(shared: tuple[Lab, Service, Remains]) -> Iterator[Lab]:
    """After each mistake the same runs as before, and works."""
    one, service, remains = shared
    before = remains.alive()
    yield one
    wait_for(lambda: remains.alive() == before, "what the mistake started is gone", 2.0)
    assert [service.get("/ping").status_code for _ in range(2)] == [200, 200]


@pytest.fixture
def tiny(shared: tuple[Lab, Service, Remains], lab: Lab) -> Service:
    return shared[1]


def says(error: type[Exception], *parts: str) -> contextlib.AbstractContextManager[pytest.ExceptionInfo[Exception]]:
    """Raised is this error, and its message has these parts in this order."""
    return pytest.raises(error, match="(?s)" + ".*".join(map(re.escape, parts)))


# Names and settings


def test_an_unknown_service(lab: Lab) -> None:
    with says(LookupError, "There is no service “tinny” in tests.support.services. Did you mean “tiny”?"):
        lab.service("tinny")


def test_an_unknown_setting(lab: Lab) -> None:
    with says(Died, "stock-1 ended while it started", "it has no setting THREAD; did you mean THREADS?"):
        lab.service("stock", app="mini_services.shop.stock:app", thread=8)


def test_a_setting_with_an_impossible_value(lab: Lab) -> None:
    with says(Died, "stock-1 ended while it started", "THREADS='0'", "greater than 0"):
        lab.service("stock", app="mini_services.shop.stock:app", threads=0)


def test_an_unknown_link(lab: Lab, tiny: Service) -> None:
    with says(KeyError, "nobody does not call tiny in this lab; the links are: users -> tiny."):
        lab.link("nobody", tiny)


def test_an_impossible_number_of_instances(lab: Lab, tiny: Service) -> None:
    with says(ValueError, "-1 instances cannot be; use 0 or more."):
        tiny.scale(-1)


def test_an_unknown_substrate(lab: Lab, tmp_path: Path) -> None:
    """Asked for in another process: the lab that is open here stays open."""
    status, output = _run("from labkit import Lab; Lab(substrate='dokcer')", tmp_path)
    assert (status, "There is no substrate “dokcer”; there is: process." in output) == (1, True)


# Services that do not start


@pytest.mark.parametrize(("name", "last_line"), [
    ("raises", "RuntimeError: the warehouse key is missing"), ("exits", "nothing to do today"),
])
def test_a_service_that_ends_while_it_starts(lab: Lab, name: str, last_line: str) -> None:
    with says(Died, f"{name}-1 ended while it started (exit status", last_line):
        lab.service(name, instances=2)


def test_a_service_that_cannot_be_replaced_is_gone_and_can_be_started_again(lab: Lab) -> None:
    first = lab.service("other", app=TINY)
    with says(Died, "other-1 ended while it started"):
        lab.service("other", app="tests.support.services.raises:app")
    assert not first.running
    lab.service("other", app=TINY)
    with says(LookupError, "other calls ghost, which does not run in this lab: run the cell that starts ghost first."):
        lab.service("other", app=TINY, calls=Service("ghost", lambda _: None, lambda _: None))
    lab.service("other", app=TINY).scale(0)


def test_a_port_that_was_taken_in_between(lab: Lab, tiny: Service) -> None:
    """A service that was killed has lost its port; it comes back on another, and its callers find it there."""
    one = tiny[0]
    with one.kill(), socket.socket() as thief:
        thief.bind(("127.0.0.1", one.port))
        thief.listen()
        with says(OSError, f"Port {one.port} for tiny-1 is taken", "Leave the port out, and a free one is chosen."):
            one.launch(one.port)
        one.restart()
        assert one.port != thief.getsockname()[1]
        assert sorted(tiny.get("/who").json()["instance"] for _ in range(2)) == ["tiny-1", "tiny-2"]


# Faults and loads


def test_a_fault_on_what_does_not_run(lab: Lab, tiny: Service) -> None:
    one = tiny[0]
    with one.kill():
        with says(RuntimeError, '"tiny-1" is not running, so "latency 1 s" would do nothing: start it first, then inject.'):
            one.latency(1.0)
        with says(RuntimeError, '"tiny-1" is not running'):
            one.pause()


@pytest.mark.parametrize(("load", "sentence"), [
    ({"rate": 0}, "A rate of 0 requests a second cannot be: use a number above 0, such as rate=40."),
    ({"rate": 1e6}, "1,000,000 requests a second are beyond reach: one core sends about 20,000 a second. Ask for less."),
    ({"rate": 40, "seconds": 0}, "A load of 0 s cannot be: ask for more than 0 s, such as seconds=5."),
    ({"rate": 40, "arrivals": "poison"}, "There are no arrivals 'poison'. Did you mean 'poisson'?"),
    ({"rate": 40, "timeout": 0}, "A time-out of 0 s cannot be"),
])
def test_a_load_that_cannot_be(lab: Lab, tiny: Service, load: dict[str, float], sentence: str) -> None:
    with says(ValueError, sentence):
        lab.load(tiny, "/ping", **{"seconds": 1, **load})  # type: ignore[arg-type]


def test_a_fault_planned_for_a_time_after_the_load(lab: Lab, tiny: Service) -> None:
    fault = lab.link("users", tiny).latency(0.1, at=2.0)
    with says(ValueError, "Something is planned for second 2, but the load lasts from second 0 to 1."):
        lab.load(tiny, "/ping", rate=10, seconds=1, faults=fault)
    assert not fault.active


def test_a_fault_that_cannot_be_injected_ends_the_load(lab: Lab, tiny: Service) -> None:
    fault = tiny[0].pause(at=0.2)
    with tiny[0].kill(), says(RuntimeError, '"tiny-1" is not running'):
        lab.load(tiny, "/ping", rate=10, seconds=30, faults=fault)


# Cells out of order, and twice


ENDED = "Run the set-up cell again."
GONE = "start a new Lab()."


def test_a_lab_used_after_its_close(remains: Remains) -> None:
    lab = Lab(package=PACKAGE)
    tiny = lab.service("tiny")
    link = lab.link("users", tiny)
    lab.close()
    lab.close()
    uses: dict[str, Callable[[], object]] = {
        "service": lambda: lab.service("tiny"), "load": lambda: lab.load(tiny, "/ping", rate=10, seconds=1),
        "link": lambda: link.latency(1.0), "scale": lambda: tiny.scale(2), "restart": tiny.restart, "reset": lab.reset}
    for name, use in uses.items():
        with pytest.raises(RuntimeError) as told:
            use()
        assert ENDED in str(told.value), name


def test_a_handle_of_an_earlier_lab(remains: Remains) -> None:
    """The set-up cell was run again, the cells that start services were not."""
    old = Lab(package=PACKAGE).service("tiny")
    with Lab(package=PACKAGE) as lab:
        with says(LookupError, "parent calls tiny, which does not run in this lab: run the cell that starts tiny first."):
            lab.service("parent", calls=old)
        with says(LookupError, "tiny does not run in this lab: run the cell that starts tiny first."):
            lab.load(old, "/ping", rate=10, seconds=1)


# No room


def test_no_space_left(remains: Remains, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Then with space: what failed before is not in the way."""
    resources = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, resources[1]))  # not a byte can be written, to any file
    try:
        with says(RuntimeError, "The lab's folder", "could not be made: File too large. Free some space, or set LABKIT_TMP"):
            Lab(package=PACKAGE)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, resources)
    remains.assert_gone(but=os.getpid())
    with Lab(package=PACKAGE) as lab:
        assert lab.service("tiny").get("/ping").status_code == 200


def test_no_place_for_folders(remains: Remains, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path / "file"))
    with says(RuntimeError, "could not be made: Not a directory. Free some space, or set LABKIT_TMP to a folder"):
        Lab(package=PACKAGE)


def test_memory_short(remains: Remains) -> None:
    """The template may not grow, nor may what it forks."""
    with Lab(package=PACKAGE) as lab:
        template = psutil.Process(lab.service("tiny")[0].pid).parent()
        assert template is not None
        limit = template.memory_info().vms + 2**20
        resource.prlimit(template.pid, resource.RLIMIT_AS, (limit, limit))
        with says(Died, "ended while it started", "short of memory", "Close other programs or start fewer instances"):
            lab.service("other", app=TINY)


def _run(code: str, folder: Path) -> tuple[int, str]:
    """Run code in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT,
                          env={**os.environ, "LABKIT_TMP": str(folder), MARK: ""})
    return done.returncode, done.stderr
