"""The load engine against a real server: outcomes, stalls, hang-ups, and an end without leftovers."""

from __future__ import annotations

import functools
import json
import os
import signal
import socket
import statistics
import threading
from collections.abc import Iterator

import numpy as np
import pytest

from labkit.load.drive import LoadFailed, drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.outcome import BAD_ANSWER, NO_CONNECTION, REFUSED, RESET, TIMED_OUT
from labkit.measure.run import Run
from tests.support.engine import Process, Server, run, server
from tests.support.waiting import wait_for

STALL, SLOW = 0.2, 0.05  # seconds
STALLS = 5


@pytest.fixture(scope="module")
def static() -> Iterator[Server]:
    with server() as one:
        yield one


def usual(of: Run, name: str) -> int:
    """The outcome of most requests: a busy machine may lose one or two to a time-out."""
    outcomes, counts = np.unique(of[name].samples.status, return_counts=True)
    return int(outcomes[np.argmax(counts)])


@pytest.mark.parametrize(("path", "outcome"), [
    ("/", 200), ("/status/404", 404), ("/status/503", 503), ("/chunked", 200), ("/slow/0.1", 200), ("/slow/9", TIMED_OUT),
    ("/never", TIMED_OUT), ("/reset", RESET), ("/half", RESET), ("/garbage", BAD_ANSWER)])
def test_each_outcome_is_told_apart(static, path, outcome):
    one = run([static.stream(path)])
    assert usual(one, path) == outcome
    assert one.sent == 40


def test_nobody_who_listens_is_refused():
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        one = run([Stream("/", f"http://127.0.0.1:{bound.getsockname()[1]}/", rate=40.0)])
    assert usual(one, "/") == REFUSED
    assert one.refused == one.errors == one.sent


def test_what_users_got_is_told_by_the_tag_header(static):
    one = run([static.stream("/", timeout=2.0)])
    assert one.share("full") == 1.0


def test_a_user_who_gives_up_hangs_up_on_the_server(static):
    before = static.ask("/seen").get("hang-ups", 0)
    one = run([static.stream("/never", timeout=0.2)])
    assert one.timeouts == 40
    assert wait_for(lambda: static.ask("/seen").get("hang-ups", 0) - before == 40, "40 hang-ups")


def test_latency_is_at_least_what_the_server_took_and_a_timeout_is_its_timeout(static):
    one = run([static.stream("/slow/0.1", timeout=2.0), static.stream("/never", timeout=0.3)])
    assert one["/slow/0.1"].samples.latency.min() >= 0.1
    assert one["/never"].samples.latency == pytest.approx(0.3)


def test_a_server_that_never_answers_delays_nobody(static):
    one = run([static.stream("/never", rate=200.0, timeout=1.5)])
    assert one.sent == 200
    assert np.diff(one.samples.at) == pytest.approx(1 / 200)


def test_a_stale_connection_is_tried_once_more_and_nobody_notices(static):
    one = run([static.stream("/stale", timeout=2.0)])
    assert one.answered == 1.0
    assert static.ask("/seen")["stale"] > 40  # some were asked twice


def test_few_connections_carry_many_requests_yet_more_than_one_so_that_a_proxy_can_spread_them(static):
    before = static.ask("/seen")["connections"]
    run([static.stream("/", rate=200.0, timeout=2.0)], 2.0)
    assert 8 <= static.ask("/seen")["connections"] - before < 200


def stalled(static: Server, stream: Stream) -> tuple[list[float], Run]:
    """For each second, each with a stall: the share of its requests that is shown to be slow by the one that truly was.

    The server tells how long it stood still. Who came early enough to wait for more than ``SLOW`` until its end was slow.
    """
    told: list[list[float]] = []

    def stall() -> None:
        told.append(static.ask(f"/stall/{STALL}"))

    one = run([stream], float(STALLS), events=[(second + 0.5, stall) for second in range(STALLS)])
    true = [ended - began - SLOW for began, ended in told]
    shown = [np.mean(one.between(second, second + 1).samples.latency > SLOW) for second in range(STALLS)]
    return [float(s / t) for s, t in zip(shown, true, strict=True)], one


def test_an_open_loop_shows_a_stall_at_its_true_share(static):
    """The median of some stalls, since a busy machine spoils one or another; once more when it spoilt most of them."""
    tried = []
    for _ in range(3):
        ratios, one = stalled(static, static.stream(rate=400.0, timeout=2.0))
        tried.append((ratios, one.lateness))
        if statistics.median(ratios) == pytest.approx(1, abs=0.05):
            return
    pytest.fail(f"(share shown / true share of each stall, lateness of sends) of each try: {tried}")


def test_a_closed_loop_hides_the_same_stall(static):
    ratios, one = stalled(static, static.stream(arrivals="closed", rate=0.0, users=1, think=0.001, timeout=2.0))
    assert one.sent > 100
    assert statistics.median(ratios) < 0.25


def test_metrics_are_added_up_over_labels_and_missing_while_the_service_is_paused():
    with server() as paused:
        events = [(1.0, lambda: paused.process.signal(signal.SIGSTOP)), (2.0, lambda: paused.process.signal(signal.SIGCONT))]
        one = run([paused.stream(rate=40.0, timeout=0.3)], 3.0, events=events, watch={"static-1": paused.url + "/metrics"},
                  metrics=["busy", "absent"])
    at, busy = one.watch("static", "busy")
    inside = (at >= 1.1) & (at < 1.4)  # longer than the watch's own patience before the end of the pause
    assert len(at) > 20
    assert set(busy[~np.isnan(busy)]) == {5.0}
    assert np.isnan(busy[inside]).all()
    assert not np.isnan(busy[at < 0.9]).all()
    assert not np.isnan(busy[at > 2.5]).all()
    assert np.isnan(one.watch("static", "absent")[1]).all()
    assert one.sent == 120
    assert one.between(1.1, 1.6).timeouts == one.between(1.1, 1.6).sent


def test_a_want_of_file_descriptors_is_told_and_is_not_the_servers_failure(static):
    one = run([static.stream("/never", rate=200.0, timeout=2.0)], launch=functools.partial(Process, most_files=100))
    assert (one.samples.status == NO_CONNECTION).sum() > 100
    assert one.errors == 0
    assert "ulimit -n" in str(one.kept_rate)
    assert "could not send" in str(one.too_busy())


class Launched:
    """A launch that remembers what it launched."""

    def __call__(self, *arguments) -> Process:
        self.process = Process(*arguments)
        return self.process


def test_an_engine_that_is_killed_is_told_at_once(static):
    launch = Launched()
    with pytest.raises(LoadFailed, match=r"exit status -9"):
        drive(LoadPlan([static.stream()], 60.0), launch, at_events=[(0.2, lambda: launch.process.signal(signal.SIGKILL))])


def test_an_interrupt_ends_the_engine(static):
    signal.signal(signal.SIGINT, signal.default_int_handler)  # in the background of a shell it is ignored
    launch = Launched()
    with pytest.raises(KeyboardInterrupt):
        drive(LoadPlan([static.stream()], 60.0), launch, at_events=[(0.2, lambda: os.kill(os.getpid(), signal.SIGINT))])
    assert launch.process.status is not None


def test_an_engine_whose_kernel_is_gone_exits_at_any_time(static):
    for order in (b"", json.dumps(LoadPlan([static.stream()], 60.0).order()).encode() + b"\n"):
        here, there = socket.socketpair()
        with here, there:
            engine = Process("labkit.load.engine:main", {}, [there.fileno()])
            there.close()
            here.sendall(order)
            if order:
                assert b"started" in here.recv(1000)
        assert engine.wait(2.0)


def test_progress_is_told_while_it_runs(static):
    seen: list[tuple[float, int, int]] = []
    drive(LoadPlan([static.stream("/", timeout=2.0)], 1.0), Process, lambda *each: seen.append(each))
    shares = [share for share, _, _ in seen]
    assert len(seen) >= 4
    assert shares == sorted(shares)
    assert max(sent for _, sent, _ in seen) > 20
    assert all(answered <= sent for _, sent, answered in seen)


def test_progress_counts_the_users_and_not_the_machines_own_control(static):
    seen: list[tuple[float, int, int]] = []
    control = static.stream("/", name="control", rate=200.0, timeout=2.0, counted=False)
    drive(LoadPlan([static.stream("/", rate=20.0, timeout=2.0), control], 1.0), Process, lambda *each: seen.append(each))
    assert 10 < max(sent for _, sent, _ in seen) <= 20


def test_a_load_runs_beside_another(static):
    runs: list[Run] = []
    threads = [threading.Thread(target=lambda: runs.append(run([static.stream("/", timeout=2.0)]))) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert [one.answered for one in runs] == [1.0, 1.0]
