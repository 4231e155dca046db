"""Whatever is wrong gets a sentence that says what it was and what to do, and leaves nothing behind."""

from __future__ import annotations

import contextlib
import os
import resource
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from labkit import Lab
from labkit.errors import Closed
from labkit.handles.service import Service
from labkit.substrates.substrate import Died
from tests.support.lab import watched
from tests.support.owners import ROOT
from tests.support.remains import MARK, Remains
from tests.support.says import says
from tests.support.waiting import wait_for

PACKAGE = "tests.support.services"
TINY = "tests.support.services.tiny:app"
AGAIN = "Mend what its log says, then run the cell again."


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Lab, Service, Remains]]:
    """A lab and a service that no mistake may harm."""
    with watched(tmp_path_factory.mktemp("labs")) as remains, Lab(package=PACKAGE) as one:
        yield one, one.service("tiny", instances=2), remains
        remains.look()


@pytest.fixture
def lab(shared: tuple[Lab, Service, Remains]) -> Iterator[Lab]:
    """After each mistake the same runs as before, and works; a killed instance has come back as another process."""
    one, service, remains = shared

    def runs() -> tuple[set[psutil.Process], int, int]:
        own = {psutil.Process(instance.pid) for instance in service.instances}
        return remains.alive() - own, len(remains.alive() & own), remains.listening()

    before = runs()
    yield one
    wait_for(lambda: runs() == before, "what the mistake started is gone", 2.0)
    assert [service.get("/ping").status_code for _ in range(2)] == [200, 200]


@pytest.fixture
def tiny(shared: tuple[Lab, Service, Remains], lab: Lab) -> Service:
    return shared[1]


# Names and settings


def test_an_unknown_service(lab: Lab) -> None:
    with says(LookupError, "There is no service “tinny” in tests.support.services. Did you mean “tiny”?"):
        lab.service("tinny")


def test_an_unknown_setting(lab: Lab) -> None:
    with says(Died, f"stock-1 ended while it started (exit status 2). {AGAIN}",
              log="it has no setting THREAD; did you mean THREADS?"):
        lab.service("stock", app="mini_services.shop.stock:app", thread=8)


def test_a_setting_with_an_impossible_value(lab: Lab) -> None:
    with says(Died, f"stock-1 ended while it started (exit status 2). {AGAIN}",
              log="THREADS='0': Input should be greater than 0"):
        lab.service("stock", app="mini_services.shop.stock:app", threads=0)


def test_an_unknown_link(lab: Lab, tiny: Service) -> None:
    with says(LookupError, "nobody does not call tiny in this lab; the links are: users -> tiny."):
        lab.link("nobody", tiny)


@pytest.mark.parametrize(("claim", "near"), [
    ("avalanche.vertikal", "avalanche.vertical"), ("remedies.vertical", "avalanche.vertical"),
])
def test_an_unknown_claim(lab: Lab, claim: str, near: str) -> None:
    with says(LookupError, f"There is no claim “{claim}”. Did you mean {near}"):
        lab.claim(claim, lambda: pytest.fail("nothing is measured for it"))


def test_an_unknown_exercise(lab: Lab) -> None:
    with says(LookupError, "There is no exercise “time-to-fil”. Did you mean time-to-fill?"):
        lab.grade("time-to-fil", lambda: None)


def test_an_impossible_number_of_instances(lab: Lab, tiny: Service) -> None:
    with says(ValueError, "-1 instances cannot be; use 0 or more."):
        tiny.scale(-1)


def test_an_unknown_substrate(lab: Lab, tmp_path: Path) -> None:
    """Asked for in another process: the lab that is open here stays open."""
    status, output = _run("from labkit import Lab; Lab(substrate='dokcer')", tmp_path)
    assert status == 1
    assert output.splitlines()[-1] == "ValueError: There is no substrate “dokcer”; there is: docker, process."


# Services that do not start


@pytest.mark.parametrize(("name", "status", "last_line"), [
    ("raises", 1, "RuntimeError: the warehouse key is missing"), ("exits", 7, "nothing to do today"),
])
def test_a_service_that_ends_while_it_starts(lab: Lab, tiny: Service, name: str, status: int, last_line: str) -> None:
    """Its link to whom it would have called is gone, too."""
    with says(Died, f"{name}-1 ended while it started (exit status {status}). {AGAIN}", log=last_line):
        lab.service(name, calls=tiny, instances=2)
    with says(LookupError, f"{name} does not call tiny"):
        lab.link(name, "tiny")


def test_an_instance_that_ends_while_it_starts_takes_the_others_with_it(lab: Lab) -> None:
    with says(Died, f"uneven-2 ended while it started (exit status 1). {AGAIN}", log="RuntimeError: this shelf is taken"):
        lab.service("uneven", instances=3)


def test_a_service_whose_callee_does_not_run(lab: Lab, tiny: Service) -> None:
    ghost = Service("ghost", lambda _: None, lambda _: None)
    with says(LookupError, "other calls ghost, which does not run in this lab: run the cell that starts ghost first."):
        lab.service("other", app=TINY, calls=[tiny, ghost])
    with says(LookupError, "other does not call tiny"):
        lab.link("other", tiny)


def test_a_port_that_was_taken_in_between(lab: Lab, tiny: Service) -> None:
    """A service that was killed has lost its port; it comes back on another, and its callers find it there."""
    one = tiny[0]
    with one.kill(), socket.socket() as thief:
        thief.bind(("127.0.0.1", one.port))
        thief.listen()
        with says(OSError, f"Port {one.port} for tiny-1 is taken", "Leave the port out, and a free one is chosen."):
            one.launch(one.endpoint)
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
        assert not one.paused


@pytest.mark.parametrize(("load", "sentence"), [
    ({"rate": 0}, "A rate of 0 requests a second cannot be: use a number above 0, such as rate=40."),
    ({}, "A rate of 0.0 requests a second cannot be: use a number above 0, such as rate=40."),
    ({"rate": 1e6}, "1,000,000 requests a second are beyond reach: one core sends about 20,000 a second. Ask for less."),
    ({"rate": 40, "seconds": 0}, "A load of 0 s cannot be: ask for more than 0 s, such as seconds=5."),
    ({"rate": 40, "arrivals": "poison"}, "There are no arrivals 'poison'. Did you mean 'poisson'?"),
    ({"rate": 40, "timeout": 0}, "A time-out of 0 s cannot be: a user waits longer than 0 s. Try timeout=0.5."),
])
def test_a_load_that_cannot_be(lab: Lab, tiny: Service, load: dict[str, float], sentence: str,
                               capsys: pytest.CaptureFixture[str]) -> None:
    """Nothing was sent, so nothing is told of what was sent."""
    with says(ValueError, sentence):
        lab.load(tiny, "/ping", **{"seconds": 1, **load})  # type: ignore[arg-type]
    assert capsys.readouterr().out == ""


def test_a_fault_planned_for_a_time_after_the_load(lab: Lab, tiny: Service) -> None:
    fault = lab.link("users", tiny).latency(0.1, at=2.0)
    with says(ValueError, "Something is planned for second 2, but the load lasts from second 0 to 1."):
        lab.load(tiny, "/ping", rate=10, seconds=1, faults=fault)
    assert not fault.active


def test_a_fault_that_cannot_be_injected_ends_the_load_and_lifts_the_others(lab: Lab, tiny: Service) -> None:
    before, after = (lab.link("users", tiny).latency(0.1, at=at) for at in (0.1, 0.3))
    with tiny[0].kill():
        with says(RuntimeError, '"tiny-1" is not running, so "pause" would do nothing'):
            lab.load(tiny, "/ping", rate=10, seconds=30, faults=[before, tiny[0].pause(at=0.2), after])
        assert (before.mark is not None, after.mark) == (True, None)
        assert not before.active
    assert lab.load(tiny, "/ping", rate=10, seconds=0.5).answered == 1


# From here on each test has a lab of its own, which closes the shared one


def test_a_fault_that_cannot_be_lifted_ends_the_load_and_lifts_the_others(remains: Remains, tmp_path: Path) -> None:
    flag = tmp_path / "flag"
    with Lab(package=PACKAGE) as lab:
        broken = lab.service("broken", flag=str(flag))
        flag.touch()
        before, lifted = remains.look(), [lab.link("users", broken).latency(0.01, at=0.1), broken[0].kill(at=0.2, until=0.4)]
        with says(Died, f"broken-1 ended while it started (exit status 1). {AGAIN}", log="the warehouse has burnt down"):
            lab.load(broken, "/ping", rate=10, seconds=30, faults=lifted)
        wait_for(lambda: remains.alive() <= before, "the load's process is gone", 2.0)
        assert not any(fault.active for fault in lifted)
        flag.unlink()
        broken.restart()
        assert lab.load(broken, "/ping", rate=10, seconds=0.5).answered == 1


def test_a_service_that_cannot_be_replaced_is_gone_and_can_be_started_again(remains: Remains) -> None:
    with Lab(package=PACKAGE) as lab:
        handle = lab.service("other", app=TINY)
        caller = lab.service("caller", app=TINY, calls=handle)
        with says(Died, f"other-1 ended while it started (exit status 1). {AGAIN}", log="the warehouse key is missing"):
            lab.service("other", app="tests.support.services.raises:app")
        assert not handle.running
        with says(LookupError, "other does not run in this lab: run the cell that starts other first."):
            lab.load(handle, "/ping", rate=10, seconds=1)
        assert lab.service("other", app=TINY) is handle  # what the notebook holds is good again
        assert caller.get("/through/other/who").json()["pid"] == handle[0].pid


def test_a_service_without_instances(remains: Remains, capsys: pytest.CaptureFixture[str]) -> None:
    with Lab(package=PACKAGE) as lab:
        tiny = lab.service("tiny")
        planned = tiny.scale(0).latency(0.1, at=0.1)
        capsys.readouterr()
        with says(LookupError, "tiny has no instance: have one with tiny.scale(1), then load it."):
            lab.load(tiny, "/ping", rate=10, seconds=30, faults=planned)
        with says(RuntimeError, '"tiny" is not running, so "latency 1 s" would do nothing: start it first, then inject.'):
            tiny.latency(1.0)
        assert capsys.readouterr().out == ""
        tiny.scale(1)
        assert lab.load(tiny, "/ping", rate=10, seconds=0.5, faults=planned).answered == 1


# Cells out of order, and twice


def test_a_lab_used_after_its_close(remains: Remains) -> None:
    lab = Lab(package=PACKAGE)
    tiny = lab.service("tiny")
    link, fault = lab.link("users", tiny), lab.link("users", tiny).latency(0.1)
    run = lab.load(tiny, "/ping", rate=10, seconds=0.5)
    lab.close()
    lab.close()
    _all_closed({
        "service": lambda: lab.service("tiny"), "load": lambda: lab.load(tiny, "/ping", rate=10, seconds=1),
        "link": lambda: lab.link("users", tiny), "reset": lab.reset, "again": run.again})
    _all_closed(_uses(tiny) | {"a fault on a link": lambda: link.latency(1.0)})
    assert not fault.active
    fault.lift()
    lab.heal()
    assert (tiny.running, tiny.logs(), tiny.stats(), list(tiny.follow(0.1))) == (False, [], {}, [])


def test_a_handle_of_an_earlier_lab(remains: Remains) -> None:
    """The set-up cell was run again, the cells that start services were not."""
    old = Lab(package=PACKAGE).service("tiny")
    with Lab(package=PACKAGE) as lab:
        with says(LookupError, "parent calls tiny, which does not run in this lab: run the cell that starts tiny first."):
            lab.service("parent", calls=old)
        with says(LookupError, "tiny does not run in this lab: run the cell that starts tiny first."):
            lab.load(old, "/ping", rate=10, seconds=1)
        new = lab.service("tiny")
        for use in (lambda: lab.service("parent", calls=old), lambda: lab.load(old, "/ping", rate=10, seconds=1)):
            with says(LookupError, "This tiny was started in an earlier lab, which is closed: run the cell that starts tiny"):
                use()
        _all_closed(_uses(old))
        assert new.get("/ping").status_code == 200


def test_two_labs_at_once(remains: Remains, capsys: pytest.CaptureFixture[str]) -> None:
    """The later one stays, even where the earlier one is closed in the belief that it is open."""
    with Lab(package=PACKAGE) as first:
        old, before = first.service("tiny"), remains.look()
        with Lab(package=PACKAGE) as second:
            assert "Another lab was still open in this notebook; it is closed first." in capsys.readouterr().out
            assert not (before & remains.alive())
            assert len(remains.folders()) == 1
            _all_closed({"service": lambda: first.service("tiny")} | _uses(old))
            new = second.service("tiny")
            first.close()
            assert new.get("/ping").status_code == 200
    remains.assert_gone(but=os.getpid())


def _uses(tiny: Service) -> dict[str, Callable[[], object]]:
    """What a notebook may ask of a service."""
    one = tiny[0]
    return {"get": tiny.get, "post": lambda: tiny.post("/ping"), "scale": lambda: tiny.scale(2), "restart": tiny.restart,
            "latency": lambda: tiny.latency(1.0), "pause": tiny.pause, "kill": tiny.kill, "get from one": one.get,
            "restart one": one.restart, "pause one": one.pause, "memory of one": one.memory}


def _all_closed(uses: dict[str, Callable[[], object]]) -> None:
    for use in uses.values():
        with says(Closed, "This lab is closed: its processes have ended. Run the set-up cell again, then the cells after it."):
            use()


# No room


@contextlib.contextmanager
def limited(kind: int, most: int, pid: int = 0) -> Iterator[None]:
    """A process, this one unless told, may have no more of this resource."""
    usual = resource.prlimit(pid, kind)
    resource.prlimit(pid, kind, (most, usual[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, kind, usual)


def works() -> bool:
    """What failed before is not in the way of a lab now."""
    with Lab(package=PACKAGE) as lab:
        return lab.service("tiny").get("/ping").status_code == 200


def test_no_space_left_for_a_lab(remains: Remains) -> None:
    with limited(resource.RLIMIT_FSIZE, 0), says(RuntimeError, "The lab's folder", "could not be made: File too large. Free some "
                                                 "space, or set LABKIT_TMP to a folder that can be written."):
        Lab(package=PACKAGE)
    remains.assert_gone(but=os.getpid())
    assert works()


def test_no_space_left_for_what_a_service_writes(remains: Remains) -> None:
    """So it could not even write what was wrong."""
    with Lab(package=PACKAGE) as lab:
        tiny = lab.service("tiny")
        template = psutil.Process(tiny[0].pid).parent()
        assert template is not None
        before = remains.look()
        with limited(resource.RLIMIT_FSIZE, 0, template.pid), says(
                Died, "other-1 ended while it started", "It wrote nothing, not even why: see whether there is space left"):
            lab.service("other", app=TINY)
        wait_for(lambda: remains.alive() == before, "what was started is gone", 2.0)
        assert lab.service("other", app=TINY, calls=tiny).get("/through/tiny/who").status_code == 200


def test_no_place_for_the_log_of_a_service(remains: Remains) -> None:
    """The folder of the lab is gone; whoever cleared /tmp also took the place of the logs."""
    with Lab(package=PACKAGE) as lab:
        lab.service("tiny")
        (folder,) = remains.folders()
        before = remains.look()
        folder.rename(folder.with_name("away"))
        with says(Died, "other-1 could not be started: No such file or directory. Close other programs, free some space"):
            lab.service("other", app=TINY)
        folder.with_name("away").rename(folder)
        wait_for(lambda: remains.alive() == before, "nothing was started", 2.0)
        assert lab.service("other", app=TINY).get("/ping").status_code == 200


def test_no_place_for_folders(remains: Remains, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv("LABKIT_TMP", str(tmp_path / "file"))
    with says(RuntimeError, "could not be made: Not a directory. Free some space, or set LABKIT_TMP to a folder"):
        Lab(package=PACKAGE)


def test_no_room_for_a_supervisor(remains: Remains) -> None:
    """This process may open nothing more."""
    free = os.dup(0)
    os.close(free)  # the lowest number that is free, and with the limit the only one
    with limited(resource.RLIMIT_NOFILE, free + 1), says(
            RuntimeError, "The lab could not be started: Too many open files. Close other programs and notebooks, then run"):
        Lab(package=PACKAGE)
    remains.assert_gone(but=os.getpid())
    assert works()


def test_memory_short(remains: Remains) -> None:
    with Lab(package=PACKAGE) as lab:
        tiny = lab.service("tiny")
        before = remains.look()
        with says(Died, "hungry-1 ended while it started (exit status 1). The machine is probably short of memory. Close other "
                  "programs or start fewer instances, then run the cell again.", log="MemoryError"):
            lab.service("hungry", instances=2)
        wait_for(lambda: remains.alive() == before, "what was started is gone", 2.0)
        assert tiny.get("/ping").status_code == 200


def test_memory_so_short_that_the_system_kills(remains: Remains) -> None:
    with Lab(package=PACKAGE) as lab:
        with says(Died, "slain-1 ended while it started (exit status -9). The machine is probably short of memory."):
            lab.service("slain")
        assert lab.service("tiny").get("/ping").status_code == 200


def _run(code: str, folder: Path) -> tuple[int, str]:
    """Run code in a process of its own."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, cwd=ROOT,
                          env={**os.environ, "LABKIT_TMP": str(folder), MARK: ""})
    return done.returncode, done.stderr
