"""NATS for real, on each substrate: one and three of it, used through nats-py, killed while streams are in use."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

import nats.errors
import nats.js.errors
import pytest
from nats.aio.client import Client
from nats.js import JetStreamContext

from labkit import Lab, systems
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("nats")
Value = TypeVar("Value")


def _with(bus: Service, work: Callable[[Client], Awaitable[Value]]) -> Value:
    """What ``work`` brings with a new client, as a notebook's cell with ``await`` would have it."""
    async def run() -> Value:
        client = await bus.client()
        try:
            return await asyncio.wait_for(work(client), 20)
        finally:
            await client.close()

    return asyncio.run(run())


def _publish(bus: Service, subject: str, text: str) -> bool:
    """Whether JetStream acknowledged it."""
    async def work(client: Client) -> bool:
        try:
            await client.jetstream(timeout=3).publish(subject, text.encode())
        except (nats.errors.Error, nats.js.errors.Error):
            return False
        return True

    return _with(bus, work)


def _kept(bus: Service, stream: str) -> list[str]:
    """All messages of the stream, from its beginning."""
    async def work(client: Client) -> list[str]:
        jetstream: JetStreamContext = client.jetstream()
        state = (await jetstream.stream_info(stream)).state
        messages = [await jetstream.get_msg(stream, number) for number in range(state.first_seq, state.last_seq + 1)]
        return [(message.data or b"").decode() for message in messages]

    return _with(bus, work)


def _add_stream(bus: Service, stream: str, replicas: int = 1) -> None:
    """Make it, as soon as so many members know of each other that they are there."""
    async def work(client: Client) -> bool:
        try:
            await client.jetstream(timeout=3).add_stream(name=stream, subjects=[f"{stream}.>"], num_replicas=replicas)
        except (nats.errors.Error, nats.js.errors.Error):
            return False
        return True

    assert wait_for(lambda: _with(bus, work), "the stream is made", 30)


def _leader(bus: Service, stream: str) -> Instance | None:
    """The member that leads the stream; None while there is none."""
    async def work(client: Client) -> str | None:
        try:
            cluster = (await client.jetstream(timeout=3).stream_info(stream)).cluster
        except (nats.errors.Error, nats.js.errors.Error):
            return None
        return cluster.leader if cluster else None

    name = _with(bus, work)
    return next((one for one in bus.instances if one.name == name), None)


@pytest.fixture(scope="module")
def cluster(lab: Lab) -> Service:
    return lab.system("nats", name="bus", instances=3)


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    alone = lab.system("nats")

    async def version(client: Client) -> str:
        told = client.connected_server_version
        return f"{told.major}.{told.minor}.{told.patch}"

    assert capsys.readouterr().out.startswith(f"nats {_with(alone, version)}: 1 instance(s) at nats://127.0.0.1:")


def test_a_subject_reaches_everyone_who_listens_now_and_nobody_later(lab: Lab) -> None:
    async def work(client: Client) -> tuple[list[bytes], bool]:
        first, second = await client.subscribe("orders"), await client.subscribe("orders")
        await client.publish("orders", b"cup")
        heard = [(await one.next_msg(timeout=5)).data for one in (first, second)]
        late = await client.subscribe("orders")
        await client.flush()
        return heard, late.pending_msgs == 0

    assert _with(lab.system("nats"), work) == ([b"cup", b"cup"], True)


def test_what_a_stream_has_acknowledged_is_there_after_a_kill(lab: Lab) -> None:
    alone = lab.system("nats")
    _add_stream(alone, "orders")
    assert [_publish(alone, "orders.new", text) for text in ("cup", "茶壺")] == [True, True]
    alone.kill().lift()
    assert _kept(alone, "orders") == ["cup", "茶壺"]


def test_what_was_not_acknowledged_is_delivered_again(lab: Lab) -> None:
    alone = lab.system("nats")
    _add_stream(alone, "orders")
    assert _publish(alone, "orders.new", "cup")

    async def twice(client: Client) -> list[tuple[bytes, int]]:
        reader = await client.jetstream().pull_subscribe("orders.>", durable="packer")
        first, = await reader.fetch(1, timeout=5)
        await first.nak()
        again, = await reader.fetch(1, timeout=5)
        await again.ack()
        return [(one.data, one.metadata.num_delivered) for one in (first, again)]

    assert _with(alone, twice) == [(b"cup", 1), (b"cup", 2)]


def test_members_are_no_cluster_while_no_stream_can_be_kept(cluster: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(systems.nats, "_WHOLE_SECONDS", 1.0)
    assert cluster.system
    cluster.system.form(cluster.endpoints)
    with cluster[1].kill(), cluster[2].kill(), pytest.raises(TimeoutError, match="did not become one cluster"):
        cluster.system.form(cluster.endpoints)


def test_without_its_leader_a_stream_goes_on_and_has_lost_nothing(cluster: Service) -> None:
    _add_stream(cluster, "orders", replicas=3)
    assert _publish(cluster, "orders.new", "before")
    led = wait_for(lambda: _leader(cluster, "orders"), "the stream has a leader")
    with led.kill():
        assert wait_for(lambda: _publish(cluster, "orders.new", "after"), "a message is stored again", 30)
        assert _leader(cluster, "orders") not in (led, None)
        assert [text for text in _kept(cluster, "orders") if text != "after"] == ["before"]
    assert wait_for(lambda: "after" in _kept(cluster, "orders"), "it is there with three again", 30)


def test_without_a_majority_nothing_is_stored_and_subjects_still_work(cluster: Service) -> None:
    _add_stream(cluster, "carts", replicas=3)

    async def now(client: Client) -> bytes:
        listener = await client.subscribe("now")
        await client.publish("now", b"heard")
        return (await listener.next_msg(timeout=5)).data

    with cluster[0].kill(), cluster[1].kill():
        assert not _publish(cluster, "carts.new", "lost")
        assert _with(cluster, now) == b"heard"
    assert wait_for(lambda: _publish(cluster, "carts.new", "taken"), "the majority is back", 30)
