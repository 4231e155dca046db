"""``labkit doctor`` and what ``--fix`` does."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from labkit import Lab
from labkit.__main__ import main
from labkit.doctor import examine as module
from labkit.doctor.finding import Examination, Say
from labkit.language import Text
from labkit.substrates.image_trouble import CannotBuild
from tests.unit.labkit.doctor.machines import finding, ill, well

Machine = Callable[[], Examination]


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[[Machine], None]:
    """Examine that machine."""
    def use(machine: Machine) -> None:
        monkeypatch.setattr(module, "examine", machine)

    return use


def test_the_status_is_for_scripts(on: Callable[[Machine], None], capsys: pytest.CaptureFixture[str]) -> None:
    on(well)
    assert main(["doctor"]) == 0
    assert "Labs run here" in capsys.readouterr().out
    on(ill)
    assert main(["doctor"]) == 1
    with pytest.raises(SystemExit) as misuse:
        main(["doctor", "--please"])
    assert misuse.value.code == 2


def test_json_is_one_object_and_nothing_else_even_while_it_mends(
        on: Callable[[Machine], None], capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made = tmp_path / "made"
    on(lambda: Examination("process", [
        finding("memory", "here" if made.exists() else "missing", command=f"echo working; touch {made}")], []))
    assert main(["doctor", "--json", "--fix"]) == 0
    assert json.loads(capfd.readouterr().out)["memory"]["state"] == "here"


def test_fix_does_what_it_may_shows_it_and_says_what_it_left(
        on: Callable[[Machine], None], capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    made, never = tmp_path / "made", tmp_path / "never"

    def machine() -> Examination:
        return Examination("process", [
            finding("memory", "here" if made.exists() else "missing", command=f"echo at work; touch {made}"),
            finding("redis", "missing", command=f"sudo touch {never}"),
            finding("engine", "lacking", command=f"touch {never}", by_hand=True)], [])

    on(machine)
    assert main(["doctor", "--fix"]) == 1
    said = capfd.readouterr()
    assert "Name of memory: echo at work" in said.err
    assert "at work\n" in said.err
    assert f"Left to you: Name of redis\n  $ sudo touch {never}" in said.out
    assert f"Left to you: Name of engine\n  $ touch {never}" in said.out
    assert "Left to you: Name of memory" not in said.out
    assert not never.exists()


def test_a_command_that_fails_is_said_to_and_the_next_is_done_all_the_same(
        on: Callable[[Machine], None], capfd: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    on(lambda: Examination("process", [finding("memory", "missing", command="exit 3"),
                                       finding("cores", "missing", command=f"touch {tmp_path / 'next'}")], []))
    assert main(["doctor", "--fix"]) == 1
    assert "That failed; see above." in capfd.readouterr().err
    assert (tmp_path / "next").exists()


def test_an_image_is_pulled_by_the_kit_with_its_own_progress(
        on: Callable[[Machine], None], capfd: pytest.CaptureFixture[str]) -> None:
    def pull(say: Say) -> None:
        say(Text("pulling, 12 MB", "拉取，12 MB"))
        raise CannotBuild(Text("no registry gave it", "無法取得"))

    on(lambda: Examination("docker", [finding("redis.docker", "lacking", command="docker pull redis", act=pull)], []))
    assert main(["doctor", "--fix"]) == 0
    said = capfd.readouterr().err
    assert "pulling, 12 MB" in said
    assert "no registry gave it" in said


def test_where_nothing_can_be_mended_fix_says_so(on: Callable[[Machine], None], capsys: pytest.CaptureFixture[str]) -> None:
    on(well)
    assert main(["doctor", "--fix"]) == 0
    assert "nothing to mend" in capsys.readouterr().err


def test_in_a_notebook_it_needs_no_lab(on: Callable[[Machine], None], capsys: pytest.CaptureFixture[str]) -> None:
    on(ill)
    Lab.doctor()
    assert "missing here: Name of redis.process" in capsys.readouterr().out
