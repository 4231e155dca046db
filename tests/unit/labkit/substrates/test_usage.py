"""What processes use is added up, and shared pages are not counted twice."""

from __future__ import annotations

import os

import psutil

from labkit.substrates.substrate import Usage
from labkit.substrates.usage import usage_of

NOBODY = 1 << 30


def test_a_process_that_has_ended_counts_nothing() -> None:
    assert usage_of([NOBODY]) == Usage(0.0, 0, 0)
    assert usage_of([os.getpid(), NOBODY]).processes == 1


def test_a_process_is_charged_its_share_of_what_it_shares() -> None:
    usage = usage_of([os.getpid()])
    assert 0 < usage.memory < psutil.Process().memory_info().rss  # this interpreter's libraries are others' too
    assert usage.cpu > 0


def test_several_processes_are_added_up() -> None:
    me, both = usage_of([os.getpid()]), usage_of([os.getpid(), os.getpid()])
    assert both.processes == 2
    assert 1.5 * me.memory < both.memory < 2.5 * me.memory
