"""ZooKeeper for real, on each substrate: one and three of it, used through kazoo, its leader and then its majority killed."""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Iterator

import pytest
from kazoo.client import KazooClient
from kazoo.exceptions import KazooException
from kazoo.handlers.threading import KazooTimeoutError

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("zookeeper")
logging.getLogger("kazoo").setLevel(logging.CRITICAL)  # it tells of every lost connection


@contextlib.contextmanager
def _session(ensemble: Service) -> Iterator[KazooClient]:
    client = ensemble.client()
    try:
        yield client
    finally:
        client.stop()
        client.close()


@contextlib.contextmanager
def _at(member: Instance) -> Iterator[KazooClient]:
    """A session with this very member."""
    client = KazooClient(f"127.0.0.1:{member.port}", timeout=4.0)
    client.start(timeout=10)
    try:
        yield client
    finally:
        client.stop()
        client.close()


def _took(ensemble: Service, path: str, value: bytes) -> bool:
    """Whether a new session could write that."""
    try:
        with _session(ensemble) as client:
            client.create_async(path, value, makepath=True).get(timeout=5)
            return True
    except (KazooException, KazooTimeoutError):
        return False


def _mode(member: Instance) -> str:
    with _at(member) as client:
        return client.command(b"srvr").partition("Mode: ")[2].split()[0]


@pytest.fixture(scope="module")
def ensemble(lab: Lab) -> Service:
    return lab.system("zookeeper", name="registry", instances=3)


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    alone = lab.system("zookeeper")
    with _session(alone) as client:
        version = ".".join(map(str, client.server_version()))
    assert capsys.readouterr().out.startswith(f"zookeeper {version}: 1 instance(s) at zookeeper://127.0.0.1:")


def test_what_is_ephemeral_goes_with_its_session_and_the_rest_stays(lab: Lab) -> None:
    alone = lab.system("zookeeper")
    with _session(alone) as watcher:
        with _session(alone) as client:
            client.create("/services/stock-1", b"here", ephemeral=True, makepath=True)
            client.create("/services/config", b"kept")
            assert sorted(watcher.get_children("/services")) == ["config", "stock-1"]
        assert watcher.get_children("/services") == ["config"]


def test_a_client_that_says_nothing_more_loses_its_session(lab: Lab) -> None:
    alone = lab.system("zookeeper", session=1)
    with _session(alone) as client:
        client.create("/stock-1", b"here", ephemeral=True)
        with lab.link("users", alone).cut(), _at(alone[0]) as watcher:
            assert wait_for(lambda: watcher.exists("/stock-1") is None, "its node is gone", 20)


def test_names_in_sequence_tell_who_came_first(lab: Lab) -> None:
    alone = lab.system("zookeeper")
    with _session(alone) as one, _session(alone) as two:
        one.ensure_path("/lock")
        made = [client.create("/lock/turn-", ephemeral=True, sequence=True) for client in (one, two, one)]
        assert made == sorted(made)
        assert len(set(made)) == 3


def test_what_was_written_is_there_after_a_kill(lab: Lab) -> None:
    alone = lab.system("zookeeper")
    assert _took(alone, "/stock", b"7")
    alone.kill().lift()
    with _session(alone) as client:
        assert client.get("/stock")[0] == b"7"


def test_without_its_leader_the_others_elect_one_and_nothing_is_lost(ensemble: Service) -> None:
    assert _took(ensemble, "/before", b"kept")
    led = next(member for member in ensemble.instances if _mode(member) == "leader")
    with led.kill():
        assert wait_for(lambda: _took(ensemble, "/after", b"taken"), "a write is taken again", 30)
        rest = [member for member in ensemble.instances if member is not led]
        assert sorted(map(_mode, rest)) == ["follower", "leader"]
        with _session(ensemble) as client:
            assert client.get("/before")[0] == b"kept"
    with _at(led) as client:
        assert wait_for(lambda: client.exists("/after"), "the one that comes back has what it missed")


def test_without_a_majority_nothing_is_answered(ensemble: Service) -> None:
    with ensemble[0].kill(), ensemble[1].kill(), pytest.raises(KazooTimeoutError):
        ensemble.client()
    assert wait_for(lambda: _took(ensemble, "/again", b"taken"), "the majority is back", 30)
