"""Keepalived for real, on each substrate: two network stacks that advertise to each other, and the address between them."""

from __future__ import annotations

import re
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from tempfile import TemporaryDirectory

import httpx
import pytest

from labkit import Lab
from labkit.faults.injection import RefusedError
from labkit.handles.service import Service
from tests.support.owners import Owner
from tests.support.users import available, others
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("keepalived", "network stacks")

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


def _others_may() -> bool:
    """Whether somebody else than root can be given a network stack here."""
    if not available():
        return False
    return not subprocess.run(["setpriv", "--reuid=61000", "--regid=61000", "--clear-groups", "unshare", "-Urn", "true"]).returncode


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """One through which anybody may pass: in a user namespace nobody is helped by what he may do outside."""
    with TemporaryDirectory(prefix="labs-") as made:
        Path(made).chmod(0o711)
        yield Path(made)


@pytest.fixture(scope="module")
def pair(lab: Lab) -> Service:
    """Two that share an address; the first has the higher priority."""
    return lab.system("keepalived", instances=2, advert=ADVERT)


@pytest.fixture
def vip(pair: Service) -> Service:
    """The same, while the first holds the address."""
    _wait_for(pair, "keepalived-1")
    return pair


@pytest.fixture(scope="module")
def tiny(lab: Lab) -> Service:
    return lab.service("tiny", instances=2)


@pytest.fixture(scope="module")
def front(lab: Lab, tiny: Service) -> Service:
    """Two that share an address before a service."""
    return lab.system("keepalived", name="front", calls=tiny, instances=2, advert=ADVERT)


def _holds(vip: Service, name: str) -> Callable[[], bool]:
    """All say so: the members that see the address, and whoever connects to it from outside."""
    def all_say_so() -> bool:
        try:
            return vip.client().holder() == name == vip.get("/", timeout=1.0).text  # a paused one would use up all the time
        except httpx.HTTPError:
            return False

    return all_say_so


def _wait_for(vip: Service, name: str) -> None:
    try:
        wait_for(_holds(vip, name), f"{name} holds the address")
    except AssertionError:
        for member in vip.instances:
            print(member.name, *member.log_lines()[-20:], sep="\n  ")  # what each of them took itself for
        raise


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    alone = lab.system("keepalived", name="alone", advert=ADVERT)
    version = alone.get("/").headers["server"].removeprefix("keepalived/")
    assert re.fullmatch(r"\d+\.\d+\.\d+", version)
    assert capsys.readouterr().out.startswith(f"alone {version}: 1 instance(s) at http://127.0.0.1:")


def test_the_first_holds_the_address_and_both_see_it(vip: Service) -> None:
    wait_for(lambda: [member.client().holder() for member in vip.instances] == ["keepalived-1", "keepalived-1"],
             "the second, which may have begun before it heard of the first, has given way")


def test_a_killed_holder_loses_the_address_and_takes_it_back_when_it_returns(vip: Service) -> None:
    with vip[0].kill():
        _wait_for(vip, "keepalived-2")
        assert vip[0].client().holder() is None
    _wait_for(vip, "keepalived-1")
    assert "Entering BACKUP STATE" in "".join(vip[1].log_lines()[-5:]), "the other has heard its advertisements"


def test_without_preemption_the_address_stays_where_it_is(lab: Lab) -> None:
    calm = lab.system("keepalived", name="calm", instances=2, advert=ADVERT, preempt=False)
    first = calm.client().holder()
    holder, other = sorted(calm.instances, key=lambda member: member.name != first)
    with holder.kill():
        _wait_for(calm, other.name)
    wait_for(lambda: "Entering BACKUP STATE" in "".join(holder.log_lines()), "the one that came back is in a state")
    advertised = len(other.log_lines())
    wait_for(lambda: holder.client().holder() == other.name, "it sees the other hold the address")
    assert _holds(calm, other.name)()
    assert len(other.log_lines()) == advertised, "the holder has changed no state"


def test_a_paused_holder_loses_the_address_and_takes_it_back(vip: Service) -> None:
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


def test_whoever_connects_to_the_address_reaches_the_service_behind_it_through_either(front: Service) -> None:
    with front[0].kill():
        wait_for(lambda: front.client().holder() == "front-2", "the other holds the address")
        assert {front.get("/who").json()["instance"] for _ in range(4)} == {"tiny-1", "tiny-2"}
    wait_for(lambda: front.client().holder() == "front-1", "the first holds the address")
    assert {front.get("/who").json()["instance"] for _ in range(4)} == {"tiny-1", "tiny-2"}


def test_a_fault_on_its_link_is_on_what_passes_through_the_holder(lab: Lab, front: Service, tiny: Service) -> None:
    with lab.link(front, tiny).error(status=418):
        assert front.get("/who").status_code == 418
    assert front.get("/who").status_code == 200


def test_many_connect_at_once_and_all_are_answered(front: Service) -> None:
    with ThreadPoolExecutor(20) as users:
        assert {answer.status_code for answer in users.map(lambda _: front.get("/who", timeout=20.0), range(100))} == {200}


def test_a_service_calls_the_address_as_users_do(lab: Lab, front: Service) -> None:
    gate = lab.service("gate", app="tests.support.services.tiny:app", calls=front)
    assert gate.get("/through/front/who").json()["instance"] in ("tiny-1", "tiny-2")


def test_two_of_them_keep_their_addresses_apart(vip: Service, front: Service) -> None:
    with vip[0].kill():
        _wait_for(vip, "keepalived-2")
        assert front.client().holder() == "front-1"


def test_started_anew_it_is_the_same_handle_with_other_members(lab: Lab, pair: Service) -> None:
    assert lab.system("keepalived", instances=3, advert=ADVERT) is pair
    _wait_for(pair, "keepalived-1")
    with pair[0].kill(), pair[1].kill():
        _wait_for(pair, "keepalived-3")
    _wait_for(pair, "keepalived-1")


def test_one_that_was_taken_off_its_network_is_out_until_it_is_started_again(vip: Service) -> None:
    if "network" not in vip.capabilities:
        with pytest.raises(RefusedError, match="container"):
            vip[0].disconnect()
        return
    with vip[0].disconnect():
        wait_for(lambda: vip[1].client().holder() == "keepalived-2", "the other holds the address")
    vip[0].restart()
    _wait_for(vip, "keepalived-1")


def test_what_cannot_be_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match=r"advert is how many seconds.*0\.01 to 40\.95"):
        lab.system("keepalived", advert=60)


@pytest.mark.skipif(not _others_may(), reason="takes root, to be another user, and user namespaces that he may make")
def test_who_is_not_root_runs_it_in_his_own_user_namespace_and_nothing_outlives_him(open_folder: Path) -> None:
    user, = others(1, open_folder)
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
                           shell, sys.executable, REFUSED])
    assert one.finish()[0] == 0
    assert "NotHere Keepalived needs a network stack of its own" in one.output
    assert "start Jupyter as root, or allow user namespaces" in one.output
    one.remains.assert_gone()
