"""The lab itself, without processes: half a lab is none, and what it does not know it says."""

from __future__ import annotations

import atexit
import os
from collections.abc import Callable, Iterator, Sequence

import pytest

from labkit import lab as module
from labkit.handles.wiring import Wiring
from labkit.lab import Lab
from labkit.language import Text
from labkit.substrates.choose import ready
from tests.unit.labkit.handles.fakes import FakeControl, FakeSubstrate

SERVICES = "tests.support.services"


class Fake(FakeSubstrate):
    """A substrate for a lab; ``trouble`` is raised when it should be ready."""

    trouble: BaseException | None = None

    def __init__(self) -> None:
        super().__init__([])
        self.closed = 0

    def ready(self) -> None:
        if self.trouble is not None:
            raise self.trouble

    def close(self, grace: float = 0.5) -> None:
        super().close(grace)
        self.closed += 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[Fake]]:
    """The substrates of the labs that the test makes."""
    substrates: list[Fake] = []

    def choose(name: str | None, preload: Sequence[str], say: object) -> tuple[Fake, Text]:
        substrates.append(Fake())
        return ready(substrates[-1]), Text("a fake", "假的")  # type: ignore[return-value]

    def wiring(substrate: Fake) -> Wiring:
        fake = FakeControl([])
        fake.close = lambda: None  # type: ignore[attr-defined]
        return Wiring(fake)  # type: ignore[arg-type]

    monkeypatch.setattr(module, "choose", choose)
    monkeypatch.setattr(module, "start_wiring", wiring)
    yield substrates
    module._open.clear()


@pytest.mark.parametrize("trouble", [RuntimeError("no space"), KeyboardInterrupt()])
def test_half_a_lab_is_closed_and_not_in_the_way_of_the_next(made: list[Fake], monkeypatch: pytest.MonkeyPatch,
                                                            trouble: BaseException) -> None:
    monkeypatch.setattr(Fake, "trouble", trouble)
    with pytest.raises(type(trouble)):
        Lab()
    assert made[0].closed == 1
    monkeypatch.setattr(Fake, "trouble", None)
    Lab().close()


def test_a_second_lab_closes_the_first_and_says_so(made: list[Fake], capsys: pytest.CaptureFixture[str]) -> None:
    first = Lab()
    second = Lab()
    assert [substrate.closed for substrate in made] == [1, 0]
    assert "Another lab was still open in this notebook; it is closed first." in capsys.readouterr().out
    first.close()
    second.close()
    second.close()
    assert [substrate.closed for substrate in made] == [1, 1]


def test_a_lab_is_closed_when_its_block_ends_even_by_an_error(made: list[Fake]) -> None:
    with pytest.raises(ZeroDivisionError), Lab():
        _ = 1 / 0
    assert made[0].closed == 1


def test_a_lab_is_closed_at_exit_unless_it_is_already(made: list[Fake], monkeypatch: pytest.MonkeyPatch) -> None:
    at_exit: list[Callable[[], object]] = []
    monkeypatch.setattr(atexit, "register", at_exit.append)
    monkeypatch.setattr(atexit, "unregister", at_exit.remove)
    one, two = Lab(), Lab()
    assert at_exit == [two.close]
    two.close()
    assert at_exit == []
    one.close()


def test_a_fork_knows_no_labs(made: list[Fake]) -> None:
    lab = Lab()
    reader, writer = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(writer, str(len(module._open)).encode())
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(reader, 10) == b"0"
    lab.close()


def test_an_unknown_service_is_told_with_the_nearest(made: list[Fake]) -> None:
    with Lab(package=SERVICES) as lab, pytest.raises(LookupError, match=f"no service “tinny” in {SERVICES}. Did you mean “tiny”"):
        lab.service("tinny")


def test_no_two_loads_have_the_same_seed_and_the_labs_seed_fixes_them_all(made: list[Fake],
                                                                         monkeypatch: pytest.MonkeyPatch) -> None:
    with Lab(seed=7) as lab:
        first = [lab._next_seed() for _ in range(3)]
    monkeypatch.setenv("LABKIT_SEED", "7")
    with Lab() as lab:
        second = [lab._next_seed() for _ in range(3)]
    assert first == second
    assert len(set(first)) == 3


def test_a_guess_is_asked_for_where_it_is_made(made: list[Fake], monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[object] = []
    monkeypatch.setattr(module, "put", shown.append)
    with Lab() as lab:
        guess = lab.predict("s", 0, 4)
        assert shown[-1] is guess
