"""Settings: what a service does not know stops its start with a sentence."""

from __future__ import annotations

import pytest

from mini_services.shop.settings import CallSettings, ServiceSettings, load
from tests.unit.mini_services.shop.conftest import Start


def stopped(capsys: pytest.CaptureFixture[str], kind: type[ServiceSettings] = CallSettings) -> str:
    """What a start that fails says."""
    with pytest.raises(SystemExit) as stop:
        load("orders", kind)
    assert stop.value.code == 2
    return capsys.readouterr().err


def test_settings_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("THREADS", "24")
    monkeypatch.setenv("BREAKER", "true")
    monkeypatch.setenv("SERVICE_SETTINGS", "THREADS, BREAKER")
    settings = load("orders", CallSettings)
    assert (settings.threads, settings.breaker, settings.timeout) == (24, True, 10.0)


def test_an_unknown_setting_names_the_nearest_known_one(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICE_SETTINGS", "THREADS,TIME_OUT")
    assert stopped(capsys) == "orders cannot start: it has no setting TIME_OUT; did you mean TIMEOUT?\n"


def test_a_setting_like_no_other_is_answered_with_all_there_are(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("SERVICE_SETTINGS", "XYZ")
    told = stopped(capsys, ServiceSettings)
    assert "has no setting XYZ; it knows INSTANCE, THREADS, WORK" in told


def test_what_was_set_may_be_named_as_in_the_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SERVICE_SETTINGS", "threads")
    assert load("orders", CallSettings).threads == 40


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("THREADS", "0"),
        ("THREADS", "many"),
        ("WORK", "-1"),
        ("TIMEOUT", "0"),
        ("ATTEMPTS", "0"),
        ("BREAKER_THRESHOLD", "1.5"),
        ("FALLBACK", "hope"),
        ("ALTERNATIVE_URL", "127.0.0.1:80"),
    ],
)
def test_a_value_that_makes_no_sense_is_told_with_its_name(
    name: str, value: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(name, value)
    assert stopped(capsys).startswith(f"orders cannot start: {name}={value!r}: ")


def test_a_service_that_cannot_have_a_setting_cannot_be_imported(start: Start, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        start("storefront", FALLBACK="stale")  # it would be someone else's order
    assert "storefront cannot start: FALLBACK='stale'" in capsys.readouterr().err
