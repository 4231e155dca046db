"""RabbitMQ for real, on each substrate: used through pika, killed while messages wait, with consumers that fail."""

from __future__ import annotations

import pika
import pika.exceptions
import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("rabbitmq")
PERSISTENT = pika.BasicProperties(delivery_mode=pika.DeliveryMode.Persistent)


@pytest.fixture(scope="module")
def broker(lab: Lab) -> Service:
    return lab.system("rabbitmq")


def _taken(broker: Service, queue: str) -> list[tuple[str, bool]]:
    """All that waits there, taken out of it, and whether it had been delivered before."""
    with broker.client() as connection:
        channel, found = connection.channel(), []
        while (got := channel.basic_get(queue, auto_ack=True))[0] is not None:
            found.append((got[2].decode(), got[0].redelivered))
        return found


def _waiting(broker: Service, queue: str) -> int:
    with broker.client() as connection:
        return int(connection.channel().queue_declare(queue, passive=True).method.message_count)


def test_its_version_is_what_it_says_itself(broker: Service) -> None:
    with broker.client() as connection:
        told = connection._impl.server_properties["version"]
    assert broker.title == f"rabbitmq {told}"
    assert broker.url.startswith("amqp://127.0.0.1:")


def test_a_fanout_reaches_every_queue_and_a_key_only_its_own(broker: Service) -> None:
    with broker.client() as connection:
        channel = connection.channel()
        for exchange, kind in (("news", "fanout"), ("orders", "topic")):
            channel.exchange_declare(exchange, kind)
        for queue, key in (("packer", "order.new"), ("biller", "order.#")):
            channel.queue_declare(queue)
            channel.queue_bind(queue, "news")
            channel.queue_bind(queue, "orders", key)
        channel.basic_publish("news", "", b"open")
        channel.basic_publish("orders", "order.paid", b"paid")
    assert wait_for(lambda: _waiting(broker, "biller") == 2, "both are routed")
    assert _taken(broker, "biller") == [("open", False), ("paid", False)]
    assert _taken(broker, "packer") == [("open", False)]


def test_what_a_consumer_did_not_acknowledge_is_delivered_again(broker: Service) -> None:
    with broker.client() as connection:
        channel = connection.channel()
        channel.queue_declare("work")
        channel.basic_publish("", "work", b"cup")
        wait_for(lambda: channel.basic_get("work")[0], "it is delivered")
        assert _waiting(broker, "work") == 0, "it is with the consumer"
    assert wait_for(lambda: _waiting(broker, "work") == 1, "it waits again")
    assert _taken(broker, "work") == [("cup", True)]


def test_a_persistent_message_in_a_durable_queue_is_there_after_a_kill_and_no_other(broker: Service) -> None:
    with broker.client() as connection:
        channel = connection.channel()
        channel.confirm_delivery()
        channel.queue_declare("kept", durable=True)
        channel.queue_declare("gone", durable=False, exclusive=False)
        channel.basic_publish("", "kept", "茶壺".encode(), PERSISTENT)
        channel.basic_publish("", "kept", b"transient")
        channel.basic_publish("", "gone", b"cup", PERSISTENT)
        killed = broker.kill()
        with pytest.raises(pika.exceptions.AMQPError):
            connection.channel()
    with pytest.raises(pika.exceptions.AMQPError):
        broker.client()
    killed.lift()
    assert [text for text, _ in _taken(broker, "kept")] == ["茶壺"]
    with broker.client() as connection, pytest.raises(pika.exceptions.ChannelClosedByBroker, match="NOT_FOUND"):
        connection.channel().queue_declare("gone", passive=True)


def test_a_service_that_calls_it_is_told_its_address(lab: Lab, broker: Service) -> None:
    assert lab.service("tiny", calls=broker).get("/environment/RABBITMQ_URL").json().startswith("amqp://")
