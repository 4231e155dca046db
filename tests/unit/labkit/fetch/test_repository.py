"""Which repository is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from labkit.fetch.repository import CENTRAL, repository

SETTINGS = """<settings xmlns="http://maven.apache.org/SETTINGS/1.2.0"><mirrors>
<mirror><id>other</id><mirrorOf>snapshots</mirrorOf><url>https://other.example/m2</url></mirror>
<mirror><id>ours</id><mirrorOf>{of}</mirrorOf><url>https://{{env.OURS}}/m2/</url></mirror></mirrors></settings>"""


@pytest.fixture(autouse=True)
def home(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("LABKIT_MAVEN", raising=False)
    (tmp_path / ".m2").mkdir()
    return tmp_path / ".m2" / "settings.xml"


def test_it_is_maven_central_where_nobody_says_otherwise() -> None:
    assert repository() == CENTRAL


@pytest.mark.parametrize(("of", "taken"), [("central", True), ("*", True), ("external:*", True), ("snapshots, central", True),
                                           ("*,!central", False), ("snapshots", False)])
def test_a_mirror_of_it_in_the_users_settings_is_taken(home: Path, monkeypatch: pytest.MonkeyPatch, of: str, taken: bool) -> None:
    monkeypatch.setenv("OURS", "ours.example")
    home.write_text(SETTINGS.format(of=of).replace("{env", "${env"))
    assert repository() == ("https://ours.example/m2" if taken else CENTRAL)


def test_the_environment_goes_before_the_settings(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home.write_text(SETTINGS.format(of="*"))
    monkeypatch.setenv("LABKIT_MAVEN", "http://127.0.0.1:1/")
    assert repository() == "http://127.0.0.1:1"


def test_settings_that_nobody_can_read_are_none(home: Path) -> None:
    home.write_text("<settings>")
    assert repository() == CENTRAL
