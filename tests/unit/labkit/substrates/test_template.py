"""The template, without its forks: what it says when it cannot fork, and what it does with what it cannot import."""

from __future__ import annotations

import errno
import os
import signal
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.substrates import template
from labkit.substrates.wire import Wire


@pytest.fixture
def restored() -> Iterator[None]:
    """The template changes how this process is woken; afterwards it is as before."""
    child, wakeup = signal.getsignal(signal.SIGCHLD), signal.set_wakeup_fd(-1)
    yield
    signal.set_wakeup_fd(wakeup)
    signal.signal(signal.SIGCHLD, child)


def test_a_fork_that_fails_is_told_with_its_cause(restored: None, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    def no_memory() -> int:
        raise OSError(errno.ENOMEM, "Cannot allocate memory")

    monkeypatch.setattr(os, "fork", no_memory)
    supervisor, mine = (Wire(end) for end in socket.socketpair())
    reader, writer = os.pipe()
    supervisor.send({"id": 7, "target": "a:b", "log": str(tmp_path / "log")}, [writer])
    one = template._Template(mine)
    one._launches()
    assert list(supervisor.receive()) == [({"id": 7, "error": "Cannot allocate memory"}, [])]
    os.close(writer)
    assert os.read(reader, 1) == b""  # nobody holds the other end: the descriptor was not kept
    os.close(reader)
    for wire in (supervisor, mine):
        wire.close()
    one._ended.close()
    one._wake.close()


def test_a_library_that_is_not_there_is_no_error_yet(capsys: pytest.CaptureFixture[str]) -> None:
    template._import("no_such_library")
    assert "no_such_library was not preloaded" in capsys.readouterr().out
