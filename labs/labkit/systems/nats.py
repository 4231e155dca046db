"""NATS with JetStream: subjects that fan out at once, and streams that are kept. The book's light event bus."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, said, until

if TYPE_CHECKING:
    from nats.aio.client import Client

__all__ = ["Nats"]

_CONFIGURATION = """\
server_name: {name}
host: {host}
port: {port}
jetstream {{ store_dir: "{folder}", max_memory_store: 64MB, max_file_store: 1GB }}
"""
_CLUSTER = """\
cluster {{
  name: lab
  host: {host}
  port: {port}
  no_advertise: true
  routes: [{routes}]
}}
"""
_ASK = 'CONNECT {{"verbose":false}}\r\nSUB _INBOX.lab 1\r\nPUB $JS.API.{what} _INBOX.lab {size}\r\n{body}\r\n'
_TRIAL = "lab-trial"
_REPLICAS = 5  # JetStream keeps a stream on no more
_WHOLE_SECONDS = 8.0


@dataclass(frozen=True)
class Nats(System):
    """``instances`` of it are one cluster: a stream with three replicas goes on without one of them.

    What JetStream has acknowledged is on the disk's cache: a kill loses none, a power cut may.
    """

    name: ClassVar[str] = "nats"
    scheme: ClassVar[str] = "nats"
    purpose: ClassVar[Text] = Text("event bus, streams", "事件總線、串流")
    breaks: ClassVar[Text] = Text("a kill: streams are there again; a leader: the others elect; two of three: nothing is stored",
                                  "終止：串流還在；領導者：其他成員重新選舉；三個壞兩個：不再儲存")
    licence: ClassVar[str] = "Apache-2.0"
    clustered: ClassVar[bool] = True
    start_seconds: ClassVar[float] = 60.0  # its members elect only when they have found each other
    starts: ClassVar[int] = 4

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("NATS", "nats:2.15.2-alpine", "nats-server", 4222,
                       version=("--version",), oldest=(2, 2), debian="nats-server", brew="nats-server",
                       command=lambda place: ["nats-server", "-c", f"{place.config}/nats.conf"], files=_files,
                       ports={"cluster": 6222}, keeps=True)

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether JetStream answers, which in a cluster it does when its members have elected a leader.

        Without one a question may be lost, so that it is asked again every second.
        """
        try:
            return _done(host, port, "INFO", "", min(seconds, 1.0))
        except (OSError, EOFError):
            return False

    def form(self, members: Sequence[Endpoint]) -> None:
        """Wait until a stream can be kept by all of them: an elected leader may not have heard from one.

        While they connect, 2.10, which Debian 13 has, now and then loses the way back to a member, for good: its answers to the
        leader are lost, whatever the routes are (on a busy machine 4 of 80 starts of three, each with two members killed
        and back; none of 40 with 2.9 or 75 with 2.15). To start them again mends it.
        """
        if len(members) > 1:
            until(self.name, partial(_keeps, members[0], min(len(members), _REPLICAS)), _WHOLE_SECONDS)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"", rb'"version":"([\d.]+)')

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> Coroutine[Any, Any, Client]:
        """nats-py's, to be awaited: ``nc = await bus.client()``. When its member is gone it connects to another one.

        It logs nothing meanwhile: a call that fails raises.
        """
        import nats

        async def ignore(error: Exception) -> None:
            pass

        return nats.connect(f"nats://{host}:{port}", connect_timeout=5, reconnect_time_wait=0.1, error_cb=ignore)


def _files(place: Place) -> Mapping[str, str]:
    text = _CONFIGURATION.format(name=place.me.name, host=place.host, port=place.port, folder=f"{place.folder}/jetstream")
    if len(place.members) > 1:
        others = [f"nats://{one.at('cluster')}" for one in place.members if one is not place.me]
        text += _CLUSTER.format(host=place.host, port=place.me.ports["cluster"], routes=", ".join(others))
    return {"nats.conf": text}


def _keeps(member: Endpoint, replicas: int) -> bool:
    """Whether a stream with so many replicas can be made; it is removed again."""
    body = json.dumps({"name": _TRIAL, "subjects": [_TRIAL], "num_replicas": replicas, "storage": "memory", "retention": "limits"})
    try:
        made = _done(*member.here, f"STREAM.CREATE.{_TRIAL}", body, 2.0)
        return _done(*member.here, f"STREAM.DELETE.{_TRIAL}", "", 2.0) and made
    except (OSError, EOFError):
        return False


def _done(host: str, port: int, what: str, body: str, seconds: float) -> bool:
    """Whether JetStream did what it was asked for."""
    question = _ASK.format(what=what, size=len(body), body=body)
    return b'"error"' not in _told(host, port, question.encode(), rb"MSG _INBOX.lab .*\r\n(.+)\r\n", seconds)


def _told(host: str, port: int, question: bytes, pattern: bytes, seconds: float) -> bytes:
    """The group of ``pattern`` in what a connection says within ``seconds``; the greeting comes before the answer."""
    end, heard = time.monotonic() + seconds, b""
    with socket.create_connection((host, port), timeout=max(seconds, 0.01)) as connection:
        connection.sendall(question)
        while not (found := re.search(pattern, heard)):
            connection.settimeout(max(end - time.monotonic(), 0.01))
            more = connection.recv(4096)
            if not more:
                raise EOFError
            heard += more
    return found[1]
