"""A lab of real services: what its handles promise, they do, on every substrate alike."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import psutil
import pytest

from labkit import Lab
from labkit.faults.control import ProxyControl
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.lab import watched
from tests.support.on import SUBSTRATES, on
from tests.support.remains import refuses
from tests.support.waiting import wait_for

PACKAGE = "tests.support.services"


@pytest.fixture(scope="module", params=SUBSTRATES)
def lab(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Lab]:
    """One lab on each substrate for all tests that leave it usable."""
    folder = tmp_path_factory.mktemp("labs")
    with on(request, request.param) as name, watched(folder) as remains, Lab(package=PACKAGE, substrate=name) as one:
        yield one
        remains.look()


@pytest.fixture
def tiny(lab: Lab) -> Service:
    """Two fresh instances with eight threads each."""
    return lab.service("tiny", instances=2, threads=8)


def running(lab: Lab) -> int:
    """How many processes the lab has."""
    return lab._substrate.usage().processes


def start(instance: Instance) -> str:
    """Tells one start of an instance from the next."""
    return str(instance.get("/who").json()["start"])


def names(service: Service, calls: int) -> list[str]:
    """Which instances answer so many calls."""
    return [service.get("/who").json()["instance"] for _ in range(calls)]


# Services and links


def test_a_service_answers_at_its_address_and_its_instances_take_turns(tiny: Service) -> None:
    assert sorted(names(tiny, 4)) == ["tiny-1", "tiny-1", "tiny-2", "tiny-2"]
    assert [instance.get("/who").json()["instance"] for instance in tiny.instances] == ["tiny-1", "tiny-2"]


def test_a_start_is_told_in_one_line(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    service = lab.service("tiny", instances=2)
    line = capsys.readouterr().out.strip()
    assert line.startswith(f"tiny: 2 instance(s) at {service.url}, ready in ")
    assert "\n" not in line
    assert float(line.rpartition(", ")[2].removesuffix(" MiB")) > 0


def test_settings_become_environment_variables(lab: Lab) -> None:
    service = lab.service("tiny", colour="red", threads=3)
    assert service.get("/environment/COLOUR").json() == "red"
    assert service[0].stats().threads == 3


def test_a_service_reaches_its_callee_over_the_link_between_them(lab: Lab, tiny: Service) -> None:
    caller = lab.service("caller", app="tests.support.services.tiny:app", calls=tiny)
    assert caller.get("/through/tiny/who").json()["instance"].startswith("tiny-")
    with lab.link(caller, tiny).error(1.0, status=418):
        assert caller.get("/through/tiny/who").status_code == 418
        assert tiny.get("/who").status_code == 200  # the way of the users is another
    assert caller.get("/through/tiny/who").status_code == 200
    with lab.link("users", tiny).error(1.0, status=418):
        assert tiny.get("/who").status_code == 418
        assert caller.get("/through/tiny/who").status_code == 200


def test_the_same_name_again_replaces_the_service_and_its_handle_stays_good(lab: Lab, tiny: Service) -> None:
    caller = lab.service("caller", app="tests.support.services.tiny:app", calls=tiny)
    before = [psutil.Process(instance.pid) for instance in tiny.instances]
    again = lab.service("tiny", instances=1)
    assert again is tiny
    assert not any(process.is_running() and process.status() != psutil.STATUS_ZOMBIE for process in before)
    assert names(tiny, 2) == ["tiny-1", "tiny-1"]
    assert caller.get("/through/tiny/who").json() == tiny[0].get("/who").json()


def test_a_reset_starts_every_service_anew(lab: Lab, tiny: Service) -> None:
    pids = [instance.pid for instance in tiny.instances]
    fault = lab.link("users", tiny).error(1.0)
    lab.reset()
    assert not fault.active
    assert not set(pids) & {instance.pid for instance in tiny.instances}
    assert sorted(names(tiny, 2)) == ["tiny-1", "tiny-2"]


# Ends and pauses


def test_a_paused_instance_is_silent_and_goes_on_when_the_pause_is_lifted(tiny: Service) -> None:
    one, two = tiny.instances
    with one.pause():
        assert "paused" in repr(one)
        assert one.running
        with pytest.raises(httpx.TimeoutException):
            one.get("/ping", timeout=0.2)
        assert two.get("/ping").status_code == 200
        assert one.stats().busy is None  # it does not tell
    assert one.get("/ping").status_code == 200
    assert "paused" not in repr(one)


def test_all_instances_can_be_paused_and_resumed_by_the_service(tiny: Service) -> None:
    tiny.pause()
    with pytest.raises(httpx.TimeoutException):
        tiny.get("/ping", timeout=0.2)
    tiny.resume()
    assert tiny.get("/ping").status_code == 200


def test_a_killed_instance_refuses_until_the_kill_is_lifted(tiny: Service) -> None:
    one, two = tiny.instances
    port, before = one.port, start(one)
    killed = one.kill()
    assert not one.running
    assert "not running" in repr(one)
    assert refuses(port)
    assert two.get("/ping").status_code == 200
    assert list(tiny.stats()) == ["tiny-2"]
    killed.lift()
    assert start(one) != before
    assert sorted(names(tiny, 2)) == ["tiny-1", "tiny-2"]


def test_a_killed_service_comes_back_by_a_restart(tiny: Service) -> None:
    killed = tiny.kill()
    assert not tiny.running
    tiny.restart()
    assert not killed.active
    assert sorted(names(tiny, 2)) == ["tiny-1", "tiny-2"]


def test_the_faults_of_a_replaced_service_are_over_and_bring_nothing_back(lab: Lab, tiny: Service) -> None:
    before = running(lab)
    faults = [tiny[1].latency(1.0), tiny[1].pause(), tiny[0].kill()]
    lab.service("tiny", instances=1)
    assert not any(fault.active for fault in faults)
    lab.heal()
    assert running(lab) == before - 1


def test_a_restart_is_a_new_process_where_its_callers_find_it(lab: Lab, tiny: Service) -> None:
    caller = lab.service("caller", app="tests.support.services.tiny:app", calls=tiny)
    one = tiny.scale(1)[0]
    pid, before = one.pid, start(one)
    one.restart()
    assert one.pid != pid
    assert caller.get("/through/tiny/who").json()["start"] == start(one) != before


def test_a_process_has_the_port_that_it_had_after_a_restart(lab: Lab, tiny: Service) -> None:
    """A container's port is the engine's to give: a new one each time, to which the links lead."""
    port = tiny[0].port
    tiny[0].restart()
    assert (tiny[0].port == port) is (lab._substrate.name == "process")


# Scaling


def test_scaling_changes_how_many_take_turns(tiny: Service) -> None:
    first = tiny[0].pid
    tiny.scale(3)
    assert sorted(names(tiny, 3)) == ["tiny-1", "tiny-2", "tiny-3"]
    tiny.scale(1)
    assert names(tiny, 3) == ["tiny-1"] * 3
    assert tiny[0].pid == first  # the ones that stay are left alone
    tiny.scale(0)
    with pytest.raises(httpx.TransportError):
        tiny.get("/ping")


def test_scaling_under_load_loses_no_request_beyond_those_in_flight(lab: Lab, tiny: Service) -> None:
    tiny.scale(1)
    steps = threading.Thread(target=lambda: _once_served(tiny, lambda: tiny.scale(3).scale(1).scale(2).scale(1)))
    steps.start()
    run = lab.load(tiny, "/ping", rate=200, seconds=3, timeout=2.0)
    steps.join()
    removed, in_flight = 3, 2
    assert run.sent == 600
    assert run.sent - run.ok <= removed * in_flight


def _once_served(service: Service, act: Callable[[], object]) -> None:
    """Act as soon as users are being served."""
    start = service[0].stats().cpu
    wait_for(lambda: service[0].stats().cpu > start + 0.05, "requests arrive")
    act()


# What is to be seen


def test_busy_threads_are_as_many_as_blocked_calls_and_the_rest_waits(tiny: Service) -> None:
    one = tiny[0]
    with ThreadPoolExecutor(16) as users:
        for blocked, busy, waiting in ((5, 5, 0), (11, 8, 3)):
            calls = [users.submit(one.get, "/slow?seconds=1") for _ in range(blocked)]
            wait_for(lambda: _pool(one) == (8, busy, waiting), f"{busy} busy and {waiting} waiting")  # noqa: B023
            assert [call.result().status_code for call in calls] == [200] * blocked
    assert one.stats().busy == 0
    assert tiny[1].stats().busy == 0


def _pool(instance: Instance) -> tuple[int | None, int | None, int | None]:
    stats = instance.stats()
    return stats.threads, stats.busy, stats.waiting


def test_what_an_instance_uses_is_plausible(tiny: Service) -> None:
    before = tiny[0].stats()
    for _ in range(200):
        tiny[0].get("/ping")
    after = tiny[0].stats()
    assert before.cpu < after.cpu < before.cpu + 200 * 0.05
    process = psutil.Process(tiny[0].pid)
    resident = sum(one.memory_info().rss for one in (process, *process.children(recursive=True)))
    assert 2**20 < after.memory < resident
    assert set(tiny.stats()) == {"tiny-1", "tiny-2"}


def test_logs_are_the_last_lines_and_events_are_in_order_of_time(tiny: Service) -> None:
    for instance, event in ((tiny[1], "second"), (tiny[0], "third"), (tiny[1], "fourth")):
        instance.get(f"/say/{event}")
    wait_for(lambda: len(tiny.logs(None)) == 5, "an engine has the last lines too")
    assert [entry["event"] for entry in tiny.events()][-3:] == ["second", "third", "fourth"]
    assert [entry["instance"] for entry in tiny.events("fourth")] == ["tiny-2"]
    assert len(tiny.logs(2)) == 2
    assert '"fourth"' in tiny.logs()[-1]


def test_a_line_cut_off_in_the_middle_is_no_event(tiny: Service) -> None:
    tiny[0].get("/half-a-line")
    wait_for(lambda: "cut o" in "".join(tiny[0].log_lines()), "it is written")
    assert {entry["event"] for entry in tiny.events()} == {"started"}


def test_followed_logs_are_what_is_written_from_now_on(tiny: Service) -> None:
    tiny[0].get("/say/before")
    wait_for(lambda: '"before"' in "".join(tiny[0].log_lines()), "it is written")
    lines = tiny.follow(seconds=20)
    writer = threading.Thread(target=lambda: [tiny[0].get("/say/one"), tiny[1].get("/say/two")])
    writer.start()
    seen = [next(lines), next(lines)]
    writer.join()
    assert ['"one"' in seen[0], '"two"' in seen[1]] == [True, True]


def test_followed_logs_go_on_over_a_restart(tiny: Service) -> None:
    for _ in range(5):
        tiny[0].get("/say/before")
    wait_for(lambda: "".join(tiny[0].log_lines()).count('"before"') == 5, "all are written")
    lines = tiny.follow(seconds=20)
    worker = threading.Thread(target=lambda: [tiny[0].get("/say/first"), tiny[0].restart(), tiny[0].get("/say/last")])
    worker.start()
    seen = [next(lines)]
    while '"last"' not in seen[-1]:
        seen.append(next(lines))
    worker.join()
    assert '"first"' in seen[0]
    assert '"started"' in seen[-2]


# Load


def test_a_load_says_at_its_end_what_its_run_holds(lab: Lab, tiny: Service, capsys: pytest.CaptureFixture[str]) -> None:
    run = lab.load(tiny, "/ping", rate=45, seconds=1)
    said = capsys.readouterr().out
    assert f"{float(run.sent):.0f} requests sent in 1 s, {float(run.ok):.0f} answered in time." in said


def test_a_load_is_measured_from_outside(lab: Lab, tiny: Service) -> None:
    run = lab.load(tiny, {"/ping": 40, "GET /who": 20}, seconds=1)
    assert (run["/ping"].sent, run["GET /who"].sent) == (40, 20)
    assert run.answered == 1
    assert run["/ping"].p50 < 0.2


def test_a_load_sees_the_threads_that_it_makes_busy(lab: Lab, tiny: Service) -> None:
    """Little's law: at 20 requests a second of 0.2 s, four threads are busy."""
    run = lab.load(tiny, "/slow?seconds=0.2", rate=20, seconds=2)
    _, busy = run.busy("tiny")
    settled = busy[len(busy) // 2:]
    assert 3 <= settled.mean() <= 5.5


def test_a_planned_fault_is_there_on_time_and_gone_on_time(lab: Lab, tiny: Service) -> None:
    fault = lab.link("users", tiny).error(1.0, status=500, at=1, until=2.5)
    run = lab.load(tiny, "/ping", rate=50, seconds=4, faults=fault)
    assert run.between(0, 1).answered == 1
    assert run.between(2, 2.5).answered == 0, "it takes no second to be there"
    assert run.between(3.5, 4).answered == 1
    assert not fault.active


@pytest.mark.parametrize("order", ["fault", "lift"])
def test_a_run_whose_fault_came_or_went_late_is_not_judged(
        lab: Lab, tiny: Service, monkeypatch: pytest.MonkeyPatch, order: str) -> None:
    prompt = getattr(ProxyControl, order)
    monkeypatch.setattr(ProxyControl, order, lambda *what, **more: threading.Event().wait(0.5) or prompt(*what, **more))
    run = lab.load(tiny, "/ping", rate=50, seconds=2, faults=lab.link("users", tiny).latency(0.01, at=0.5, until=1.2))
    assert 0.5 <= run.faults[0].late < 1.5
    assert re.search(r"latency 0\.01 s on users -> tiny came or went 0\.\d+ s after its time", str(run.too_busy()))


def test_a_load_can_be_repeated_on_the_set_up_that_it_had(lab: Lab, tiny: Service) -> None:
    """In between the notebook has gone on: other services, other faults."""
    with lab.link("users", tiny).error(1.0, status=500):
        run = lab.load(tiny, "/ping", rate=50, seconds=0.5)
    assert run.answered == 0
    first = run.t0
    lab.service("tiny", instances=1)
    lab.service("extra", app="tests.support.services.tiny:app")
    run.again()
    assert run.t0 > first
    assert run.answered == 0
    assert len(tiny.instances) == 2


# Whole labs


def test_a_second_lab_closes_the_first(tmp_path_factory: pytest.TempPathFactory,
                                       capsys: pytest.CaptureFixture[str]) -> None:
    with watched(tmp_path_factory.mktemp("labs")) as remains:
        first = Lab(package=PACKAGE)
        first.service("tiny")
        old = remains.look() - {psutil.Process()}
        second = Lab(package=PACKAGE)
        assert not old & remains.alive()
        assert "Another lab was still open in this notebook; it is closed first." in capsys.readouterr().out
        second.service("tiny")
        first.close()  # for the second time: nothing happens, least of all to the second
        assert second.service("tiny").get("/ping").status_code == 200
        second.close()


def test_the_last_line_tells_what_the_lab_took(tmp_path_factory: pytest.TempPathFactory,
                                               capsys: pytest.CaptureFixture[str]) -> None:
    with watched(tmp_path_factory.mktemp("labs")), Lab(package=PACKAGE) as lab:
        lab.service("tiny", instances=3)
    line = capsys.readouterr().out.splitlines()[-1]
    assert line.startswith("This lab took ")
    assert line.endswith(" MiB in 6 processes; nothing of it is left.")  # three, the proxy, template and supervisor
