"""A process is its pid and its start time together."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from labkit.substrates import proc

WAIT = [sys.executable, "-c", "import sys; print(flush=True); sys.stdin.read()"]


@pytest.fixture
def child() -> Iterator[subprocess.Popen[bytes]]:
    """A process that has begun and waits."""
    with subprocess.Popen(WAIT, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                          env={**os.environ, proc.LABEL: "a-lab"}) as process:
        assert process.stdout is not None
        process.stdout.readline()
        yield process
        process.kill()


def test_a_process_is_alive_with_its_own_start_time_alone(child: subprocess.Popen[bytes]) -> None:
    start = proc.start_time(child.pid)
    assert proc.alive(child.pid, start)
    assert not proc.alive(child.pid, proc.start_time(os.getpid()))
    assert not proc.alive(child.pid, None)


def test_a_process_that_has_ended_is_not_alive_even_unreaped(child: subprocess.Popen[bytes]) -> None:
    start = proc.start_time(child.pid)
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)  # it has ended, and is a zombie now
    assert not proc.alive(child.pid, start)
    assert proc.start_time(child.pid) is None
    assert child.pid not in proc.descendants(os.getpid())


def test_a_signal_reaches_exactly_that_process(child: subprocess.Popen[bytes]) -> None:
    assert not proc.end(child.pid, "another start")
    assert child.poll() is None
    assert proc.end(child.pid, proc.start_time(child.pid), signal.SIGTERM)
    assert child.wait() == -signal.SIGTERM


def test_nothing_is_signalled_where_nothing_is(child: subprocess.Popen[bytes]) -> None:
    start = proc.start_time(child.pid)
    child.kill()
    child.wait()
    assert not proc.end(child.pid, start)


def test_children_that_have_ended_are_reaped_with_their_status_and_the_living_are_not() -> None:
    parent = """
import os, signal
from labkit.substrates import proc
children = [os.posix_spawn("/bin/sh", ["sh", "-c", command], {}) for command in ("exit 3", "kill -9 $$", "exec sleep 60")]
for ended in children[:2]:
    os.waitid(os.P_PID, ended, os.WEXITED | os.WNOWAIT)
reaped = dict(proc.reaped())
os.kill(children[2], signal.SIGTERM)
os.waitid(os.P_PID, children[2], os.WEXITED | os.WNOWAIT)
print(*(reaped.get(child) for child in children), list(proc.reaped()) == [(children[2], -15)], list(proc.reaped()))
"""
    said = subprocess.run([sys.executable, "-c", parent], capture_output=True, text=True, check=True, timeout=30).stdout
    assert said.split() == ["3", "-9", "None", "True", "[]"]


def test_descendants_are_all_below_parents_first() -> None:
    nested = f"import subprocess, sys; p = subprocess.Popen({WAIT!r}); print(p.pid, flush=True); p.wait()"
    with subprocess.Popen([sys.executable, "-c", nested], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as outer:
        assert outer.stdout is not None
        inner = int(outer.stdout.readline())
        below = proc.descendants(os.getpid())
        assert below.index(outer.pid) < below.index(inner)
        assert proc.descendants(outer.pid) == [inner]
        os.kill(inner, signal.SIGKILL)


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="other systems do not tell a process's environment")
def test_a_label_finds_its_processes_and_no_others(child: subprocess.Popen[bytes]) -> None:
    assert proc.labelled("a-lab") == [child.pid]
    assert proc.labelled("a-la") == []
