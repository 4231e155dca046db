"""What a fault refuses, how it is labelled, and how it travels to the proxy."""

from __future__ import annotations

import json
import signal
from collections.abc import Callable
from typing import Any

import pytest

from labkit.faults.bandwidth import Bandwidth
from labkit.faults.catalogue import FAULTS, build
from labkit.faults.cut import Cut
from labkit.faults.disconnect import Disconnect
from labkit.faults.error import ErrorRate
from labkit.faults.fault import Fault, FaultError
from labkit.faults.kill import Kill
from labkit.faults.latency import Latency
from labkit.faults.noop import Noop
from labkit.faults.pause import Pause
from labkit.faults.reset import Reset
from labkit.faults.throttle import Throttle

EXAMPLES = [Latency(3.0, 0.5), Bandwidth(2500), ErrorRate(0.3, 500), Cut(), Reset(0.25), Pause(), Kill(), Throttle(0.5),
            Disconnect(), Noop()]


@pytest.mark.parametrize(("make", "remedy"), [
    (lambda: Latency(-1), "give 0 or more"),
    (lambda: Latency("3 s"), "give a number of seconds, for example seconds=3.0"),  # type: ignore[arg-type]
    (lambda: Latency(float("nan")), "give a number of seconds"),
    (lambda: Latency(True), "give a number of seconds"),
    (lambda: Latency(1, jitter=2), "give jitter=1 or less"),
    (lambda: Bandwidth(0), "use Cut() for that"),
    (lambda: Bandwidth(-5), "give 0 or more"),
    (lambda: ErrorRate(1.5), "30 % is share=0.3"),
    (lambda: ErrorRate(30), "30 % is share=0.3"),
    (lambda: ErrorRate(0.3, status=200), "give one from 400 to 599"),
    (lambda: Reset(-0.1), "from 0 (none) to 1 (all)"),
])
def test_settings_that_make_no_sense_are_refused_with_what_to_do(make: Callable[[], Fault], remedy: str) -> None:
    with pytest.raises(FaultError) as refusal:
        make()
    assert remedy in refusal.value.text.en
    assert str(refusal.value) == refusal.value.text.en
    assert refusal.value.text.zh != refusal.value.text.en


@pytest.mark.parametrize(("fault", "english", "chinese"), [
    (Latency(3.0), "latency 3 s", "延遲 3 秒"),
    (Latency(0.25, 0.1), "latency 0.25 ± 0.1 s", "延遲 0.25 ± 0.1 秒"),
    (Bandwidth(900), "bandwidth 900 B/s", "頻寬 900 B/s"),
    (Bandwidth(2_500_000), "bandwidth 2.5 MB/s", "頻寬 2.5 MB/s"),
    (ErrorRate(0.3), "errors 30 % (503)", "錯誤 30 %（503）"),
    (Cut(), "cut", "斷線"),
    (Reset(), "reset", "連線重設"),
    (Reset(0.5), "reset 50 %", "連線重設 50 %"),
    (Pause(), "pause", "暫停"),
    (Kill(), "kill", "終止"),
    (Throttle(0.2), "0.2 CPU", "0.2 CPU"),
    (Disconnect(), "disconnected", "斷開網路"),
    (Noop(), "no fault", "無故障"),
])
def test_a_label_says_the_fault_and_its_grade(fault: Fault, english: str, chinese: str) -> None:
    assert (fault.label.en, fault.label.zh) == (english, chinese)


@pytest.mark.parametrize("fault", EXAMPLES, ids=lambda fault: fault.name)
def test_a_fault_survives_the_way_to_the_proxy(fault: Fault) -> None:
    settings: dict[str, Any] = json.loads(json.dumps(fault.settings()))
    assert build(fault.name, settings) == fault


def test_every_fault_is_in_the_catalogue() -> None:
    assert {type(fault) for fault in EXAMPLES} == set(FAULTS.values())


def test_an_unknown_fault_is_told_the_nearest_known_one() -> None:
    with pytest.raises(FaultError, match='did you mean "latency"'):
        build("latencey", {})


def test_a_setting_that_a_fault_does_not_have_is_refused() -> None:
    with pytest.raises(FaultError, match="delay"):
        build("latency", {"delay": 3})


def test_faults_say_what_they_need_of_their_target() -> None:
    assert {fault.name for fault in EXAMPLES if fault.needs == "signals"} == {"pause", "kill"}
    assert {fault.name for fault in EXAMPLES if fault.needs in ("cpus", "network")} == {"throttle", "disconnect"}
    assert {fault.needs for fault in EXAMPLES} == {"signals", "proxy", "cpus", "network"}


def test_a_pause_is_undone_by_a_signal_and_a_kill_by_none() -> None:
    assert (Pause.signal, Pause.undo) == (signal.SIGSTOP, signal.SIGCONT)
    assert (Kill.signal, Kill.undo) == (signal.SIGKILL, None)
