"""The process substrate: how services start, how they fail to, and what becomes of their sockets."""

from __future__ import annotations

import contextlib
import errno
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import psutil
import pytest

from labkit.faults.control import ProxyControl
from labkit.handles.instance import Instance
from labkit.handles.recipe import AppRecipe
from labkit.handles.wiring import Wiring
from labkit.substrates.process import ProcessSubstrate
from labkit.substrates.substrate import Died
from tests.support.lab import watched
from tests.support.owners import environment
from tests.support.remains import Remains, refuses
from tests.support.waiting import wait_for

PRELOAD = ("fastapi", "uvicorn", "httptools", "labkit.substrates.serve")
Make = Callable[..., Instance]


@pytest.fixture(scope="module", params=["fork", "spawn"])
def substrate(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[ProcessSubstrate]:
    """The substrate as LABKIT_START sets it: forked from a template, and an interpreter each."""
    with watched(tmp_path_factory.mktemp("labs")) as remains, pytest.MonkeyPatch.context() as patch:
        patch.setenv("LABKIT_START", request.param)
        with contextlib.closing(ProcessSubstrate(PRELOAD)) as one:
            one.ready()
            yield one
            remains.look()


@pytest.fixture
def make(substrate: ProcessSubstrate) -> Iterator[Make]:
    """Make an instance of one of the tiny services, not yet launched. All are ended, and must be gone, at the end."""
    before, made = substrate.usage().processes, []

    def make(service: str, number: int = 1, on: ProcessSubstrate = substrate, **environment: str) -> Instance:
        name = f"{service}-{number}"
        wiring = Wiring(ProxyControl(socket.socket()))  # an instance asks it for nothing here
        recipe = AppRecipe(f"tests.support.services.{service}:app", {"INSTANCE": name, **environment})
        made.append(Instance(name, recipe, on,
                             wiring, lambda _: None, lambda: None))
        return made[-1]

    yield make
    for instance in made:
        instance.stop()
    wait_for(lambda: substrate.usage().processes <= before, "what the test started is gone", 2.0)


def start(*instances: Instance) -> None:
    for instance in instances:
        instance.launch()
    for instance in instances:
        instance.wait_ready()


def test_many_services_start_side_by_side_each_in_a_process_and_on_a_port_of_its_own(
        make: Make, substrate: ProcessSubstrate) -> None:
    number = 16 if substrate.start == "fork" else 4  # an interpreter each takes its time
    instances = [make("tiny", index) for index in range(number)]
    start(*instances)
    who = [instance.get("/who").json() for instance in instances]
    assert [one["pid"] for one in who] == [instance.pid for instance in instances]
    assert len({instance.pid for instance in instances}) == len({instance.port for instance in instances}) == number
    assert [one["instance"] for one in who] == [instance.name for instance in instances]


def test_its_environment_is_its_own(make: Make) -> None:
    one, two = make("tiny", 1, COLOUR="red"), make("tiny", 2)
    start(one, two)
    assert one.get("/environment/COLOUR").json() == "red"
    assert two.get("/environment/COLOUR").json() is None
    assert os.environ.get("COLOUR") is None


def test_its_port_is_bound_before_it_starts(make: Make) -> None:
    """Whoever connects in between waits instead of being refused, and nobody else can take the port."""
    instance = make("tiny")
    instance.launch()
    assert not refuses(instance.port)
    instance.wait_ready()


def test_a_killed_service_refuses_at_once_and_ends_its_children(make: Make) -> None:
    """No copy of its listening socket may survive: not here, nor in supervisor, template, siblings or a daemon of its.

    With a copy somewhere the connection would be accepted and never answered.
    """
    before, tiny, parent, daemon, after = (make(name, number) for number, name in enumerate(
        ("tiny", "tiny", "parent", "daemon", "tiny")))
    start(before, tiny, parent, daemon, after)
    child, detached = (psutil.Process(one.get("/child").json()) for one in (parent, daemon))
    for instance in (tiny, parent, daemon):
        instance.stop()
        with socket.socket() as caller:
            caller.settimeout(5.0)
            assert caller.connect_ex(("127.0.0.1", instance.port)) == errno.ECONNREFUSED
    assert before.get("/health").status_code == after.get("/health").status_code == 200
    wait_for(lambda: not child.is_running() or child.status() == psutil.STATUS_ZOMBIE, "the child ends too", 2.0)
    detached.kill()  # a daemon has left its service for good; it ends with the lab at the latest


def test_a_service_can_be_killed_before_it_has_begun(make: Make) -> None:
    for number in range(8):
        instance = make("tiny", number)
        instance.launch()
        instance.stop()
        assert not instance.running
        assert refuses(instance.port)


@pytest.mark.parametrize(("service", "status", "last_line"), [
    ("raises", 1, "RuntimeError: the warehouse key is missing"),
    ("exits", 7, "nothing to do today"),
    ("appless", 1, "has no attribute 'app'"),
    ("nowhere", 1, "No module named 'tests.support.services.nowhere'"),
])
def test_a_service_that_ends_while_it_starts_is_an_error_with_its_last_lines(make: Make, service: str, status: int,
                                                                            last_line: str) -> None:
    with pytest.raises(Died) as died:
        start(make(service))
    assert f"{service}-1 ended while it started (exit status {status})" in str(died.value)
    assert last_line in str(died.value)


@pytest.mark.parametrize(("service", "last_line"), [
    ("mute", "listening, but in no mood to answer"), ("sick", "not feeling well"), ("deaf", "what socket?"),
])
def test_a_service_that_never_is_well_is_ended_with_its_last_lines(make: Make, service: str, last_line: str) -> None:
    instance = make(service)
    instance.launch()
    wait_for(lambda: last_line in "".join(instance.log_lines()), "its first line")
    with pytest.raises(Died) as died:
        instance.wait_ready(0.5)
    assert f"{service}-1 did not answer /health within 0.5 s" in str(died.value)
    assert last_line in str(died.value)
    assert not instance.running


def test_a_service_that_ends_later_is_known_to_have_ended(make: Make) -> None:
    start(instance := make("tiny"))
    os.kill(instance.pid, signal.SIGKILL)
    wait_for(lambda: not instance.running, "its end is told")


def test_a_log_belongs_to_one_start(make: Make) -> None:
    start(instance := make("tiny"))
    instance.restart()
    assert sum("started" in line for line in instance.log_lines()) == 1


def test_what_all_of_it_uses_is_told(make: Make, substrate: ProcessSubstrate) -> None:
    start(one := make("tiny", 1))
    usage = substrate.usage()
    start(make("tiny", 2))
    more = substrate.usage()
    assert more.processes == usage.processes + 1
    assert more.memory > usage.memory
    assert 0 < one.stats().memory < more.memory


@pytest.fixture
def own_substrate(remains: Remains) -> Iterator[ProcessSubstrate]:
    """One more, to break."""
    with contextlib.closing(ProcessSubstrate(PRELOAD, "fork")) as one:
        one.ready()
        yield one
        remains.look()


@pytest.mark.parametrize("substrate", ["fork"], indirect=True)
def test_launches_go_on_when_the_template_was_killed(make: Make, own_substrate: ProcessSubstrate) -> None:
    """The services that it had forked end with it, and that is told; those to come get an interpreter each."""
    start(one := make("tiny", 1, own_substrate))
    template = psutil.Process(one.pid).parent()
    assert template is not None
    template.kill()
    start(two := make("tiny", 2, own_substrate))
    assert two.get("/health").status_code == 200
    wait_for(lambda: not one.running, "the end of the first is told")


@pytest.mark.parametrize("substrate", ["fork"], indirect=True)
def test_nothing_can_be_launched_after_the_close(make: Make, own_substrate: ProcessSubstrate) -> None:
    own_substrate.close()
    with pytest.raises(RuntimeError, match=r"This lab is closed.*Run the set-up cell again"):
        make("tiny", 1, own_substrate).launch()


def test_an_unknown_way_to_start_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_START", "frok")
    with pytest.raises(ValueError, match="LABKIT_START is “frok”, but can be “fork” or “spawn”"):
        ProcessSubstrate(PRELOAD)


HOP = """
import os, time
print("hopping", flush=True)
for _ in range(10_000):
    time.sleep(0.002)
    if os.fork():
        os._exit(0)
"""
CATCH = f"""
import subprocess, sys
from labkit.substrates import proc
from labkit.substrates.ending import end_all
proc.become_subreaper()
hopper = subprocess.Popen([sys.executable, "-S", "-E", "-c", {HOP!r}], stdout=subprocess.PIPE)
hopper.stdout.readline()
end_all()
"""


def test_even_processes_that_fork_and_end_all_the_time_are_caught(remains: Remains, tmp_path: Path) -> None:
    """Each is gone before a look at all of them is over, but its child is then a child of the supervisor's."""
    subprocess.run([sys.executable, "-c", CATCH], env=environment(remains.mark, tmp_path), check=True, timeout=30)
    remains.assert_gone(0.1, but=os.getpid())
