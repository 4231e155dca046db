"""Progress: bytes, rate, time left; on a screen one line, in a log a line now and then."""

from __future__ import annotations

import io

import pytest

from labkit.get.terminal import Terminal
from labkit.language import Text


class Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


class Clock:
    seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_a_screen_has_one_line_with_bytes_rate_and_time_left() -> None:
    clock, screen = Clock(), Screen()
    terminal = Terminal("kafka", screen, clock)
    terminal.total(45_000_000)
    terminal.had(5_000_000)
    clock.seconds = 100.0  # until the first byte nothing is a rate
    terminal.came(1)
    clock.seconds = 102.0
    terminal.came(19_999_999)
    line = screen.getvalue().rpartition("\r")[2].rstrip()
    assert line == "kafka: 25.0 of 45.0 MB, 10.0 MB/s, 2 s left"
    terminal.say(Text("done", "完成"))
    assert screen.getvalue().endswith("\r" + " " * len(line) + "\rkafka: done\n")


def test_before_a_second_has_passed_no_time_is_foretold() -> None:
    clock, screen = Clock(), Screen()
    terminal = Terminal("kafka", screen, clock)
    terminal.total(45_000_000)
    terminal.came(1000)
    clock.seconds = 0.5
    terminal.came(1_000_000)
    assert screen.getvalue().rpartition("\r")[2] == "kafka: 1.0 of 45.0 MB"


def test_a_screen_is_not_drawn_for_every_byte() -> None:
    clock, screen = Clock(), Screen()
    terminal = Terminal("kafka", screen, clock)
    terminal.total(1000)
    for _ in range(1000):
        clock.seconds += 0.001
        terminal.came(1)
    assert 5 <= screen.getvalue().count("\r") <= 11


def test_a_log_gets_a_line_now_and_then() -> None:
    clock, log = Clock(), io.StringIO()
    terminal = Terminal("consul", log, clock)
    for done in range(1, 61):
        clock.seconds = float(done)
        terminal.built(done, 60)
    assert log.getvalue().splitlines()[-1] == "consul: 60 of 60 packages compiled, 1 min 00 s"
    assert len(log.getvalue().splitlines()) == 4
    assert "\r" not in log.getvalue()


def test_it_speaks_the_readers_language(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LABKIT_LANGUAGE", "zh-Hant")
    clock, screen = Clock(), Screen()
    terminal = Terminal("consul", screen, clock)
    clock.seconds = 75.0
    terminal.built(3, 60)
    assert screen.getvalue().strip() == "consul: 已編譯 3 / 60 個套件，1 分 15 秒"
