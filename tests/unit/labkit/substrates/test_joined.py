"""What can be known of it without a network stack; the rest is tested for real with Keepalived."""

from __future__ import annotations

from typing import Any

import pytest

from labkit.substrates import joined
from labkit.substrates.joined import Joined
from labkit.substrates.program import NotHere
from labkit.systems.keepalived import Keepalived

PROGRAM = Keepalived().program({"web": "http://127.0.0.1:4001"})


def _launch(*arguments: Any, **keywords: Any) -> Any:
    raise AssertionError("nothing may be started")


def test_where_there_is_no_linux_it_is_refused_with_where_it_can_be_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined.sys, "platform", "darwin")
    with pytest.raises(NotHere, match=r"Keepalived needs a network stack.*only Linux's can have one.*substrate=\"docker\""):
        Joined(_launch, PROGRAM, ["keepalived-1"])


def test_tools_that_are_not_here_are_named_with_what_brings_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(joined.shutil, "which", lambda name, path: None if name == "ip" else f"/usr/bin/{name}")
    with pytest.raises(NotHere, match="takes ip, which this machine has not: install iproute2"):
        Joined(_launch, PROGRAM, ["keepalived-1"])


def test_an_interface_has_the_same_hardware_address_each_time_and_no_other_has_it() -> None:
    """Or those that remember the first one would go on calling an interface that is gone."""
    hosts = [f"10.77.0.{number}" for number in range(1, 250)]
    found = [joined._hardware(host) for host in hosts]
    assert found == [joined._hardware(host) for host in hosts]
    assert len(set(found)) == len(hosts)
    assert int(found[0][:2], 16) & 0b11 == 0b10, "of one interface, and made up here"
