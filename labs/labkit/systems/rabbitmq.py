"""RabbitMQ: a broker of messages over AMQP. The book's message queue and event bus with routing and acknowledgements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, asked, said

if TYPE_CHECKING:
    import pika

__all__ = ["Rabbitmq"]

_HELLO = b"AMQP\0\0\x09\x01"  # the protocol's version 0-9-1
_START = b"\x01\0\0"  # a method on channel 0: Connection.Start

# RabbitMQ would leave Erlang's port mapper behind as a daemon; this one ends with it, being of its session.
_SCRIPT = 'epmd & until epmd -names >/dev/null 2>&1; do sleep 0.05; done; exec "$@"'
_CONFIGURATION = """\
listeners.tcp.1 = {host}:{port}
loopback_users = none
log.file = false
log.console = true
log.console.level = warning
vm_memory_high_watermark.absolute = 200MB
disk_free_limit.absolute = 1MB
"""


@dataclass(frozen=True)
class Rabbitmq(System):
    """One broker, whose durable queues and persistent messages are there again after a kill."""

    name: ClassVar[str] = "rabbitmq"
    scheme: ClassVar[str] = "amqp"
    purpose: ClassVar[Text] = Text("message queue, event bus", "消息隊列、事件總線")
    breaks: ClassVar[Text] = Text("a kill: persistent messages are there again; a consumer: what it did not acknowledge, too",
                                  "終止：持久化的消息還在；消費者：沒有確認的消息會重新投遞")
    licence: ClassVar[str] = "MPL-2.0"
    start_seconds: ClassVar[float] = 120.0  # nine on a quiet machine

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("RabbitMQ", "rabbitmq:4.0.5", "rabbitmq-server", 5672,
                       oldest=(3, 8), debian="rabbitmq-server", brew="rabbitmq", fedora="rabbitmq-server",
                       command=lambda place: ["sh", "-c", _SCRIPT, "sh", "rabbitmq-server"],
                       files=lambda place: {"rabbitmq.conf": _CONFIGURATION.format(host=place.host, port=place.port),
                                            "plugins": "[].\n"},
                       ports={"mapper": 4369, "distribution": 25672}, environment=_environment, keeps=True,
                       places=("/usr/lib/rabbitmq/bin",))  # what Debian has on the path runs as one user alone

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, _HELLO, _START, seconds)

    def version(self, host: str, port: int) -> str:
        """What its greeting tells: the property ``version``, a long string."""
        return said(host, port, _HELLO, rb"\x07versionS\0\0\0.([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> pika.BlockingConnection:
        """pika's, as the user "guest"; it waits five seconds at most for the broker."""
        import pika

        return pika.BlockingConnection(pika.ConnectionParameters(host, port, socket_timeout=5.0, stack_timeout=10.0,
                                                                 blocked_connection_timeout=10.0))


def _environment(place: Place) -> Mapping[str, str]:
    """A node that nobody else on this machine meets: its own port mapper, its own cookie (in its home)."""
    ports = place.me.ports
    return {"HOME": place.folder, "ERL_EPMD_PORT": str(ports["mapper"]), "ERL_EPMD_ADDRESS": "127.0.0.1", "ERL_MAX_PORTS": "4096",
            "RABBITMQ_NODENAME": "rabbit@localhost", "RABBITMQ_DIST_PORT": str(ports["distribution"]),
            "RABBITMQ_CONF_ENV_FILE": "/dev/null", "RABBITMQ_CONFIG_FILE": f"{place.config}/rabbitmq.conf",
            "RABBITMQ_ENABLED_PLUGINS_FILE": f"{place.config}/plugins", "RABBITMQ_MNESIA_BASE": f"{place.folder}/mnesia",
            "RABBITMQ_LOG_BASE": f"{place.folder}/log", "RABBITMQ_LOGS": "-", "RABBITMQ_PID_FILE": f"{place.folder}/pid",
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1} +S 1:1 +sbwt none"}
