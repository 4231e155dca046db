"""Apache Kafka: logs that many read at their own pace. The book's event bus and its example of replication."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.jvm import java
from labkit.systems.system import System, said, until

if TYPE_CHECKING:
    from confluent_kafka import Consumer, Producer
    from confluent_kafka.admin import AdminClient

__all__ = ["Kafka", "KafkaClients"]

_VERSION = "4.4.0"
_CLUSTER = "bWljcm9zZXJ2aWNlcy1ieQ"  # its id, as the folders of all members are marked with
_API_VERSIONS = b"\0\0\0\x0c\0\x12\0\0\0\0\0\x07\0\2me"  # a request of that kind, numbered 7
_PROPERTIES = """\
process.roles=broker,controller
node.id={place.number}
controller.quorum.voters={voters}
listeners=OUTER://{place.host}:{me.port},INNER://{place.host}:{me.ports[inner]},CONTROLLER://{place.host}:{me.ports[controller]}
advertised.listeners=OUTER://{me.outside},INNER://{inner},CONTROLLER://{controller}
listener.security.protocol.map=OUTER:PLAINTEXT,INNER:PLAINTEXT,CONTROLLER:PLAINTEXT
inter.broker.listener.name=INNER
controller.listener.names=CONTROLLER
log.dirs={place.folder}/logs
default.replication.factor={copies}
min.insync.replicas={in_sync}
offsets.topic.replication.factor={copies}
offsets.topic.num.partitions=2
transaction.state.log.replication.factor={copies}
transaction.state.log.min.isr={in_sync}
transaction.state.log.num.partitions=2
share.coordinator.state.topic.replication.factor={copies}
share.coordinator.state.topic.min.isr={in_sync}
share.coordinator.state.topic.num.partitions=2
group.initial.rebalance.delay.ms=0
log.cleaner.dedupe.buffer.size=2097152
broker.session.timeout.ms={session}
broker.heartbeat.interval.ms={heartbeat}
controller.quorum.election.timeout.ms=500
controller.quorum.fetch.timeout.ms=1000
"""


@dataclass(frozen=True)
class Kafka(System):
    """``instances`` of it are brokers of one cluster, each a controller too; up to three of them keep a copy of every log.

    With three, a write with ``acks=all`` is on two of them at least, and one may fail. Clients are led from broker to
    broker, past every link: on this machine to its ports, in the lab's network to its hosts. ``session`` is after how many
    whole milliseconds of silence a broker counts as gone (Kafka's own default: 9000).
    """

    session: int = 3000

    name: ClassVar[str] = "kafka"
    scheme: ClassVar[str] = "kafka"
    purpose: ClassVar[Text] = Text("event bus, replicated logs", "事件總線、多副本日誌")
    breaks: ClassVar[Text] = Text("a leader: another has what was acknowledged; two of three: no write with acks=all is taken",
                                  "領導者：已確認的消息在別處還有；三個壞兩個：不再接受 acks=all 的寫入")
    licence: ClassVar[str] = "Apache-2.0"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 90.0

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Kafka", f"apache/kafka:{_VERSION}", "java", 9092,
                       version=("-version",), oldest=(17,), brew="kafka",
                       command=_command, files=lambda place: {"server.properties": self._properties(place)}, first=_first,
                       keeps=True, ports={"inner": 19092, "controller": 9093}, advertises=True, inner="inner",
                       home="/opt/kafka/libs")

    def _properties(self, place: Place) -> str:
        voters = ",".join(f"{number}@{one.at('controller')}" for number, one in enumerate(place.members, 1))
        copies = min(3, len(place.members))
        return _PROPERTIES.format(place=place, me=place.me, inner=place.me.at("inner"), controller=place.me.at("controller"),
                                  voters=voters, copies=copies, in_sync=max(1, copies - 1), session=self.session,
                                  heartbeat=max(1, self.session // 6))

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it answers which requests it knows: it does so once it has its place among the brokers."""
        return bool(said(host, port, _API_VERSIONS, rb"(?s)^....\0\0\0\x07\0(\0)", seconds))

    def version(self, host: str, port: int) -> str:
        """The one that is pinned: a broker does not tell, and of the jars there is no other."""
        return _VERSION if self.ready(host, port, 2.0) else ""

    def form(self, members: Sequence[Endpoint]) -> None:
        """Wait until each knows all brokers."""
        for member in members:
            until(self.name, partial(_knows, KafkaClients(member.outside), len(members)))

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> KafkaClients:
        """Makes confluent-kafka's: ``client.producer()``, ``client.consumer("group")``, ``client.admin()``."""
        return KafkaClients(",".join(member.outside for member in members if member.outside))


@dataclass(frozen=True)
class KafkaClients:
    """Makes clients that know the brokers; ``settings`` have librdkafka's names, ``{"acks": "all"}``."""

    servers: str

    def producer(self, settings: Mapping[str, Any] | None = None) -> Producer:
        """One that sends at once, and gives up after ten seconds."""
        from confluent_kafka import Producer

        return Producer({**self._common(), "linger.ms": 0, "message.timeout.ms": 10_000, **(settings or {})})

    def consumer(self, group: str, settings: Mapping[str, Any] | None = None) -> Consumer:
        """A member of ``group``, which begins with the oldest message; silent for six seconds, it is out."""
        from confluent_kafka import Consumer

        return Consumer({**self._common(), "group.id": group, "auto.offset.reset": "earliest", "session.timeout.ms": 6000,
                         "heartbeat.interval.ms": 500, **(settings or {})})

    def admin(self) -> AdminClient:
        """For topics and the cluster itself."""
        from confluent_kafka.admin import AdminClient

        return AdminClient(self._common())

    def _common(self) -> dict[str, Any]:
        """Soon again at a broker that was away; what librdkafka logs of brokers that are gone is no news in a lab."""
        return {"bootstrap.servers": self.servers, "reconnect.backoff.max.ms": 500, "topic.metadata.refresh.interval.ms": 1000,
                "log_level": 0}


def _first(place: Place) -> Sequence[Sequence[str]]:
    """Mark its folder as this cluster's."""
    return [java(place, "kafka.tools.StorageTool", "format", "-t", _CLUSTER, "-c", f"{place.config}/server.properties", heap=64)]


def _command(place: Place) -> Sequence[str]:
    return java(place, "kafka.Kafka", f"{place.config}/server.properties", heap=128,
                options=["-Dorg.apache.logging.log4j.level=WARN"])


def _knows(clients: KafkaClients, brokers: int) -> bool:
    """Whether this broker knows of so many, itself among them."""
    from confluent_kafka import KafkaException

    try:
        return len(clients.admin().list_topics(timeout=2.0).brokers) == brokers
    except KafkaException:
        return False
