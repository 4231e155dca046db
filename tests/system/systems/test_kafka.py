"""Kafka for real, on each substrate: one broker and three, used through confluent-kafka, a leader killed."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from confluent_kafka import Consumer
from confluent_kafka.admin import NewTopic

from labkit import Lab
from labkit.handles.instance import Instance
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = [pytest.mark.needs("kafka", "java"), pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def bus(lab: Lab) -> Service:
    """One broker."""
    return lab.system("kafka", name="bus")


@pytest.fixture(scope="module")
def brokers(lab: Lab, bus: Service) -> Service:
    """Three, in whose place the one has gone."""
    bus.retire()
    return lab.system("kafka", instances=3)


def _topic(cluster: Service, name: str, partitions: int = 1) -> str:
    admin = cluster.client().admin()
    admin.create_topics([NewTopic(name, partitions)])[name].result(30)
    return name


def _send(cluster: Service, topic: str, values: list[str], **settings: object) -> list[str]:
    """Those of the values that were acknowledged."""
    acknowledged: list[str] = []
    producer = cluster.client().producer({"acks": "all", **settings})
    for value in values:
        producer.produce(topic, value, on_delivery=lambda error, sent: error or acknowledged.append(sent.value().decode()))
    assert producer.flush(60) == 0
    return acknowledged


@contextmanager
def _member(cluster: Service, topic: str, group: str) -> Iterator[Consumer]:
    """A consumer that is in its group for so long."""
    consumer = cluster.client().consumer(group)
    consumer.subscribe([topic])
    try:
        yield consumer
    finally:
        consumer.close()


def _poll(consumer: Consumer, into: list[str]) -> int:
    """Take what is there into ``into``; how many that has."""
    message = consumer.poll(0.2)
    if message is not None and message.error() is None:
        into.append(message.value().decode())
    return len(into)


def _read(cluster: Service, topic: str, group: str, count: int) -> list[str]:
    """The first so many values."""
    values: list[str] = []
    with _member(cluster, topic, group) as consumer:
        wait_for(lambda: _poll(consumer, values) >= count, f"{count} messages", 60)
    return values


def _leader(cluster: Service, topic: str) -> Instance:
    """Who leads the topic's first partition."""
    number = cluster.client().admin().list_topics(topic, timeout=60).topics[topic].partitions[0].leader
    return cluster[number - 1]


def test_within_a_partition_messages_keep_their_order_and_stay_for_the_next_group(bus: Service) -> None:
    topic, sent = _topic(bus, "orders"), [f"order {number}" for number in range(200)]
    assert _send(bus, topic, sent) == sent
    assert _read(bus, topic, "billing", 200) == sent
    assert _read(bus, topic, "shipping", 200) == sent


def test_two_of_a_group_share_the_partitions_and_one_takes_over_from_the_other(bus: Service) -> None:
    topic = _topic(bus, "payments", partitions=4)
    with _member(bus, topic, "accounts") as one:
        with _member(bus, topic, "accounts") as two:
            def shared() -> bool:
                for consumer in (one, two):
                    consumer.poll(0.1)
                return sorted(len(consumer.assignment()) for consumer in (one, two)) == [2, 2]
            assert wait_for(shared, "each has two partitions", 60)

        def alone() -> bool:
            one.poll(0.1)
            return len(one.assignment()) == 4
        assert wait_for(alone, "the one that is left has all four", 60)


def test_after_a_kill_it_has_what_it_had(bus: Service) -> None:
    topic = _topic(bus, "kept")
    assert _send(bus, topic, ["a", "b"]) == ["a", "b"]
    bus.kill().lift()
    assert _read(bus, topic, "later", 2) == ["a", "b"]


def test_the_labs_network_is_led_to_the_brokers_hosts_and_this_machine_to_its_own_ports(bus: Service) -> None:
    port = bus[0].endpoint.port
    assert [(one.host, one.port) for one in bus.client().admin().list_topics(timeout=60).brokers.values()] == [("127.0.0.1", port)]
    from_inside = type(bus.client())(bus[0].endpoint.inside).admin().list_topics(timeout=60)
    inner, = [f"{one.host}:{one.port}" for one in from_inside.brokers.values()]
    assert inner in (bus[0].endpoint.inside, f"bus-1:{bus[0].endpoint.inside.partition(':')[2]}")
    assert inner != f"127.0.0.1:{port}"


def test_a_killed_leader_is_replaced_and_no_acknowledged_message_is_lost(brokers: Service) -> None:
    topic = _topic(brokers, "reservations")
    before = _send(brokers, topic, [f"before {number}" for number in range(50)])
    led = _leader(brokers, topic)
    with led.kill():
        after = _send(brokers, topic, [f"after {number}" for number in range(50)], **{"message.timeout.ms": 60_000})
        assert _leader(brokers, topic) is not led
        assert (len(before), len(after)) == (50, 50)
        assert set(_read(brokers, topic, "audit", 100)) == {*before, *after}
    assert wait_for(lambda: len(_in_sync(brokers, topic)) == 3, "the one that comes back has caught up", 60)


def _in_sync(cluster: Service, topic: str) -> list[int]:
    return list(cluster.client().admin().list_topics(topic, timeout=60).topics[topic].partitions[0].isrs)


def test_without_most_brokers_no_write_is_acknowledged(brokers: Service) -> None:
    topic = _topic(brokers, "stock")
    with brokers[0].kill(), brokers[1].kill():
        assert _send(brokers, topic, ["lost"], **{"message.timeout.ms": 5000}) == []
    assert wait_for(lambda: _send(brokers, topic, ["taken"]) == ["taken"], "the majority is back", 60)
