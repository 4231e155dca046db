"""One instance, without a process: what it asks of its substrate and of the proxy, and in which order."""

from __future__ import annotations

import socket

import pytest

from labkit.faults.bandwidth import Bandwidth
from labkit.substrates.substrate import Died
from tests.unit.labkit.handles.fakes import FakeProcess, World


def test_a_launch_serves_its_application_with_its_settings(world: World) -> None:
    one = world.instance()
    one.launch()
    assert world.substrate.launches == [("serve", {"app": "shop.stock:app"}, {"THREADS": "8"})]


def test_it_is_ready_at_the_first_good_answer(world: World) -> None:
    one = world.instance()
    answers = iter([False, False, True])
    world.well = lambda port: next(answers)
    one.launch()
    one.wait_ready()
    assert next(answers, None) is None


def test_one_that_ends_while_it_starts_is_an_error(world: World) -> None:
    one, world.well = world.instance(), lambda port: False
    world.substrate.fail = lambda process: process.end(7)
    one.launch()
    with pytest.raises(Died, match=r"stock-1 ended while it started \(exit status 7\)"):
        one.wait_ready()


def test_one_that_never_is_well_is_ended(world: World) -> None:
    one, world.well = world.instance(), lambda port: False
    one.launch()
    with pytest.raises(Died, match="stock-1 did not answer /health within 30 s"):
        one.wait_ready()
    assert 30 <= world.now - 1000 < 31
    assert world.substrate.running() == []


def test_before_its_first_start_it_does_not_run(world: World) -> None:
    one = world.instance()
    assert not one.running
    assert one.log_lines() == []
    one.stop()
    with pytest.raises(RuntimeError, match="stock-1 was never started"):
        _ = one.pid


def test_a_pause_stops_it_and_lifting_lets_it_go_on(world: World) -> None:
    one = world.instance()
    one.launch()
    with one.pause():
        assert one.paused
        assert one.running
    assert not one.paused
    assert world.told == ["launch stock-1", "SIGSTOP stock-1", "SIGCONT stock-1"]


def test_a_resume_lifts_the_pause(world: World) -> None:
    one = world.instance()
    one.launch()
    pause = one.pause()
    one.resume()
    assert not pause.active


def test_a_kill_ends_it_and_lifting_starts_it_once(world: World) -> None:
    one = world.instance()
    one.launch()
    kill = one.kill()
    assert not one.running
    kill.lift()
    kill.lift()
    assert one.running
    assert world.told == ["launch stock-1", "SIGKILL stock-1", "launch stock-1", "moved"]


def test_a_restart_lifts_kill_and_pause_and_leaves_network_faults(world: World) -> None:
    one = world.instance()
    one.launch()
    slow, pause, kill = one.latency(1.0), one.pause(), one.kill()
    one.restart()
    assert (slow.active, pause.active, kill.active) == (True, False, False)
    assert world.told.count("launch stock-1") == 2
    assert not one.paused


def test_a_restart_keeps_the_port_and_takes_another_when_that_is_gone(world: World) -> None:
    one = world.instance()
    one.launch()
    port = one.port
    one.restart()
    assert one.port == port
    one.stop()
    with socket.create_server(("127.0.0.1", port)):
        one.restart()
        assert one.port != port


def test_one_that_was_retired_never_comes_back(world: World) -> None:
    one = world.instance()
    one.launch()
    slow, kill = one.latency(1.0), one.kill()
    one.retire()
    kill.lift()
    for fault in world.fleet.faults:
        fault.lift()
    assert world.substrate.running() == []
    assert not slow.active
    assert world.control.faults == {}


def test_network_faults_cover_all_that_comes_to_its_address(world: World) -> None:
    one = world.instance()
    one.launch()
    with one.bandwidth(1000):
        assert list(world.control.faults.values()) == [(Bandwidth.name, None, one.endpoint.outside)]
    assert world.control.faults == {}


def test_a_planned_fault_waits_for_the_load(world: World) -> None:
    one = world.instance()
    one.launch()
    assert not one.kill(at=1.0).active
    assert one.running


def test_a_fault_on_what_does_not_run_is_refused(world: World) -> None:
    one = world.instance()
    with pytest.raises(RuntimeError, match='"stock-1" is not running, so "pause" would do nothing: start it first'):
        one.pause()


def test_events_are_the_json_lines(world: World) -> None:
    one = world.instance()
    one.launch()
    process: FakeProcess = world.process("stock-1")
    process.text = 'starting\n{"event": "a", "n": 1}\n[1]\n{"event": "b"}\n{"event": "cut of\n{"event": "c"}'
    assert [entry["event"] for entry in one.events()] == ["a", "b"]  # the last has no end yet
    assert list(one.events("a")) == [{"event": "a", "n": 1}]


def test_stats_without_metrics_know_no_threads(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    one = world.instance()
    one.launch()
    monkeypatch.setattr(one, "metrics", lambda: {"pool_threads_busy": 3.0, "pool_threads_total": 8.0})
    stats = one.stats()
    assert (stats.cpu, stats.memory, stats.busy, stats.threads, stats.waiting) == (1.5, 2**20, 3, 8, None)
