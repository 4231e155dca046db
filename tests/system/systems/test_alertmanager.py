"""Alertmanager for real, on each substrate: given alerts, which it groups and tells a service, also one that was gone."""

from __future__ import annotations

from typing import Any

import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("alertmanager")


@pytest.fixture
def webhook(lab: Lab) -> Service:
    return lab.service("webhook")


def _fire(manager: Service, *alerts: dict[str, str]) -> None:
    manager.client().post("/alerts", json=[{"labels": labels} for labels in alerts]).raise_for_status()


def _messages(webhook: Service) -> list[dict[str, Any]]:
    return list(webhook.get("/received").json())


def _failed(manager: Service) -> float:
    """How many of its requests to webhooks have failed, as it counts them."""
    lines = manager.get("/metrics").text.splitlines()
    return sum(float(line.split()[-1]) for line in lines
               if line.startswith('alertmanager_notification_requests_failed_total{integration="webhook"'))


def _told(message: dict[str, Any]) -> set[str]:
    return {alert["labels"]["instance"] for alert in message["alerts"]}


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    manager = lab.system("alertmanager")
    version = manager.client().get("/status").json()["versionInfo"]["version"].partition("+")[0]
    assert capsys.readouterr().out.startswith(f"alertmanager {version}: 1 instance(s) at http://127.0.0.1:")


def test_alerts_that_belong_together_are_one_message(lab: Lab, webhook: Service) -> None:
    manager = lab.system("alertmanager", calls=webhook, wait=2)
    _fire(manager, {"alertname": "Down", "instance": "stock-1"}, {"alertname": "Slow", "instance": "orders-1"})
    _fire(manager, {"alertname": "Down", "instance": "stock-2"})
    messages = wait_for(lambda: _messages(webhook) if len(_messages(webhook)) > 1 else [], "both groups are told", 20)
    assert sorted((message["groupLabels"]["alertname"], _told(message)) for message in messages) == [
        ("Down", {"stock-1", "stock-2"}), ("Slow", {"orders-1"})]
    assert {alert["labels"]["alertname"] for alert in manager.client().get("/alerts").json()} == {"Down", "Slow"}


def test_grouped_by_nothing_all_are_one_message(lab: Lab, webhook: Service) -> None:
    manager = lab.system("alertmanager", calls=webhook, by=())
    _fire(manager, {"alertname": "Down", "instance": "stock-1"}, {"alertname": "Slow", "instance": "orders-1"})
    message, = wait_for(lambda: _messages(webhook), "it is told", 20)
    assert _told(message) == {"stock-1", "orders-1"}


def test_what_is_over_is_told_too(lab: Lab, webhook: Service) -> None:
    manager = lab.system("alertmanager", calls=webhook)
    labels = {"alertname": "Down", "instance": "stock-1"}
    _fire(manager, labels)
    wait_for(lambda: _messages(webhook), "it is told", 20)
    over = {"labels": labels, "endsAt": "2001-01-01T00:00:00Z", "startsAt": "2000-01-01T00:00:00Z"}
    manager.client().post("/alerts", json=[over]).raise_for_status()
    assert wait_for(lambda: [one["status"] for one in _messages(webhook)] == ["firing", "resolved"], "its end is told", 20)


def test_whom_it_could_not_tell_it_tells_when_that_is_back(lab: Lab, webhook: Service) -> None:
    manager = lab.system("alertmanager", calls=webhook, wait=0.1)
    with webhook.kill():
        _fire(manager, {"alertname": "Down", "instance": "stock-1"})
        wait_for(lambda: _failed(manager) > 0, "it has tried", 20)
    message, = wait_for(lambda: _messages(webhook), "it is told after all", 30)
    assert _told(message) == {"stock-1"}
