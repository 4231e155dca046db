"""Keepalived for real, on each substrate: two network stacks that advertise to each other, and the address between them."""

from __future__ import annotations

import re
import signal
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from labkit import Lab
from labkit.handles.service import Service
from labkit.substrates.program import NotHere
from tests.support.owners import Owner
from tests.support.users import available, others
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("keepalived")

ADVERT = 0.2
OWNER = """
import time
from labkit import Lab
lab = Lab(substrate="process")
vip = lab.system("keepalived", instances=2, advert=0.2)
print("stage", vip.client().holder(), flush=True)
with vip[0].kill():
    while vip.client().holder() != "keepalived-2":
        time.sleep(0.05)
    print("stage", vip.get("/").text, flush=True)
time.sleep(60)
"""
REFUSED = """
from labkit import Lab
try:
    Lab(substrate="process").system("keepalived", instances=2)
except LookupError as error:
    print(type(error).__name__, error)
"""


@pytest.fixture
def vip(lab: Lab) -> Service:
    """Two that share an address; the first has the higher priority."""
    return lab.system("keepalived", instances=2, advert=ADVERT)


def _holds(vip: Service, name: str) -> Callable[[], bool]:
    """All say so: the members that see the address, and whoever connects to it from outside."""
    def all_say_so() -> bool:
        try:
            return vip.client().holder() == name == vip.get("/").text
        except httpx.HTTPError:
            return False

    return all_say_so


def _wait_for(vip: Service, name: str) -> None:
    wait_for(_holds(vip, name), f"{name} holds the address")


def test_its_start_is_told_with_its_version(vip: Service, capsys: pytest.CaptureFixture[str]) -> None:
    version = vip.get("/").headers["server"].removeprefix("keepalived/")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert vip.title == f"keepalived {version}"


def test_the_first_holds_the_address_and_both_see_it(vip: Service) -> None:
    _wait_for(vip, "keepalived-1")
    assert [member.client().holder() for member in vip.instances] == ["keepalived-1", "keepalived-1"]


def test_a_killed_holder_loses_the_address_and_takes_it_back_when_it_returns(vip: Service) -> None:
    _wait_for(vip, "keepalived-1")
    with vip[0].kill():
        _wait_for(vip, "keepalived-2")
        assert vip[0].client().holder() is None
    _wait_for(vip, "keepalived-1")
    assert "Entering BACKUP STATE" in "".join(vip[1].log_lines()[-5:]), "the other has heard its advertisements"


def test_without_preemption_the_address_stays_where_it_is(lab: Lab) -> None:
    vip = lab.system("keepalived", instances=2, advert=ADVERT, preempt=False)
    first = vip.client().holder()
    holder, other = sorted(vip.instances, key=lambda member: member.name != first)
    with holder.kill():
        _wait_for(vip, other.name)
    wait_for(lambda: holder.client().holder() == other.name, "the one that came back sees the other hold it")
    wait_for(lambda: "Entering BACKUP STATE" in "".join(holder.log_lines()), "it has come to its state")
    assert _holds(vip, other.name)()


def test_a_paused_holder_loses_the_address_and_takes_it_back(vip: Service) -> None:
    _wait_for(vip, "keepalived-1")
    with vip[0].pause():
        _wait_for(vip, "keepalived-2")
    _wait_for(vip, "keepalived-1")


def test_with_nobody_left_nobody_answers_and_the_first_to_come_back_does(vip: Service) -> None:
    with vip[1].kill():
        with vip[0].kill():
            assert vip.client().holder() is None
            with pytest.raises(httpx.HTTPError):
                vip.get("/", timeout=1.0)
        _wait_for(vip, "keepalived-1")


def test_whoever_connects_to_the_address_reaches_the_service_behind_it_through_either(lab: Lab) -> None:
    tiny = lab.service("tiny", instances=2)
    vip = lab.system("keepalived", calls=tiny, instances=2, advert=ADVERT)
    assert {vip.get("/who").json()["instance"] for _ in range(4)} == {"tiny-1", "tiny-2"}
    with vip[0].kill():
        wait_for(lambda: vip.client().holder() == "keepalived-2", "the other holds the address")
        assert {vip.get("/who").json()["instance"] for _ in range(4)} == {"tiny-1", "tiny-2"}
    with lab.link(vip, tiny).error(status=418):
        assert vip.get("/who").status_code == 418


def test_a_service_calls_the_address_as_users_do(lab: Lab) -> None:
    tiny = lab.service("tiny")
    lab.service("gate", app="tests.support.services.tiny:app",
                calls=lab.system("keepalived", calls=tiny, instances=2, advert=ADVERT))
    assert lab.service("gate", app="tests.support.services.tiny:app", calls=lab.system(
        "keepalived", calls=tiny, instances=2, advert=ADVERT)).get("/through/keepalived/who").json()["instance"] == "tiny-1"


def test_two_of_them_keep_their_addresses_apart(lab: Lab, vip: Service) -> None:
    other = lab.system("keepalived", name="spare", instances=2, advert=ADVERT)
    _wait_for(other, "spare-1")
    with vip[0].kill():
        _wait_for(vip, "keepalived-2")
        assert _holds(other, "spare-1")()


def test_members_that_lost_each_other_each_hold_the_address(lab: Lab, vip: Service) -> None:
    if "network" not in vip.capabilities:
        with pytest.raises(Exception, match="container"):
            vip[0].disconnect()
        return
    _wait_for(vip, "keepalived-1")
    with vip[0].disconnect():
        _wait_for_seen(vip, "keepalived-2")
    _wait_for(vip, "keepalived-1")


def _wait_for_seen(vip: Service, name: str) -> None:
    wait_for(lambda: vip[1].client().holder() == name, f"{name} holds the address for the other")


def test_what_cannot_be_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match=r"advert is how many seconds.*0\.01 to 40\.95"):
        lab.system("keepalived", advert=60)


@pytest.mark.skipif(not available(), reason="takes root, to be another user")
def test_who_is_not_root_runs_it_in_his_own_user_namespace_and_nothing_outlives_him(tmp_path: Path) -> None:
    tmp_path.chmod(0o711)
    user, = others(1, tmp_path)
    one = Owner(user.home, ["-c", OWNER], user)
    try:
        one.reach("keepalived-1")
        one.reach("keepalived-2")
        assert len(one.look()) >= 8
        one.process.send_signal(signal.SIGKILL)
        one.finish()
        one.remains.assert_gone()
    finally:
        one.remains.end()


@pytest.mark.skipif(not available(), reason="takes root, to set a limit")
def test_where_no_namespace_is_allowed_it_says_what_is_needed(tmp_path: Path) -> None:
    shell = 'echo 0 >/proc/sys/user/max_user_namespaces; exec setpriv --bounding-set=-sys_admin --inh-caps=-sys_admin "$0" -c "$1"'
    one = Owner(tmp_path, ["-c", "import os, sys; os.execvp('unshare', ['unshare', '-Ur', 'sh', '-c', *sys.argv[1:]])",
                           shell, __import__("sys").executable, REFUSED])
    assert one.finish()[0] == 0
    assert "NotHere Keepalived needs a network stack of its own" in one.output
    assert "start Jupyter as root, or allow user namespaces" in one.output
    one.remains.assert_gone()


def test_where_there_is_no_linux_it_is_refused(lab: Lab, monkeypatch: pytest.MonkeyPatch) -> None:
    if lab._substrate.name != "process":
        return
    monkeypatch.setattr("labkit.substrates.joined.sys.platform", "darwin")
    with pytest.raises(NotHere, match=r"Of local processes only Linux's can have one.*substrate=\"docker\""):
        lab.system("keepalived")
