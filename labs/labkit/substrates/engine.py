"""A few words of the Docker Engine's API, with the standard library alone: what ends the containers of a dead lab.

The supervisor speaks them when the notebook's kernel is gone, and the next lab when both are. Neither loads docker-py,
so both are there in milliseconds; everything else that labkit asks of an engine goes through docker-py.
"""

from __future__ import annotations

import http.client
import json
import socket
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import quote, urlsplit

__all__ = ["LABEL", "ask", "end_labelled", "is_local"]

LABEL = "microservices-by-experiment.lab"  # on all that a lab has an engine make; its value is that lab's alone

_VERSION = "/v1.41"  # of the API: Docker 20.10 and later
_SECONDS = 10.0
_LOOPBACK = ("localhost", "127.0.0.1", "::1")


def is_local(address: str) -> bool:
    """Whether the engine at ``address`` ("unix:///var/run/docker.sock") publishes ports on this machine's loopback."""
    where = urlsplit(address)
    return where.scheme == "unix" or (where.scheme in ("tcp", "http") and where.hostname in _LOOPBACK)


def end_labelled(address: str, lab: str) -> int:
    """Kill and remove every container, network and volume of ``lab``; how many there were. ``OSError`` when no engine answers.

    One that the engine is just making is not listed yet, so whoever must be sure asks again until there was none.
    """
    filters = quote(json.dumps({"label": [f"{LABEL}={lab}"]}))
    containers = [one["Id"] for one in ask(address, "GET", f"/containers/json?all=true&filters={filters}")]
    with ThreadPoolExecutor(16) as side_by_side:
        list(side_by_side.map(lambda one: ask(address, "DELETE", f"/containers/{one}?force=true&v=true"), containers))
    networks = [one["Id"] for one in ask(address, "GET", f"/networks?filters={filters}")]
    for network in networks:
        ask(address, "DELETE", f"/networks/{network}")
    volumes = [one["Name"] for one in ask(address, "GET", f"/volumes?filters={filters}")["Volumes"] or []]
    for volume in volumes:
        ask(address, "DELETE", f"/volumes/{volume}")
    return len(containers) + len(networks) + len(volumes)


def ask(address: str, method: str, path: str) -> Any:
    """One request; what is gone already (404), or being removed (409), or still in use (403), is no error here."""
    connection = _Connection(address)
    try:
        connection.request(method, _VERSION + path)
        answer = connection.getresponse()
        body = answer.read()
        if answer.status >= 400 and answer.status not in (403, 404, 409):
            raise OSError(f"the engine says {answer.status}: {body.decode(errors='replace')[:200]}")
        return json.loads(body) if method == "GET" and answer.status == 200 else []
    except http.client.HTTPException as broken:
        raise OSError(f"the engine broke off: {broken!r}") from None
    finally:
        connection.close()


class _Connection(http.client.HTTPConnection):
    """HTTP over the engine's Unix socket, or over loopback."""

    def __init__(self, address: str) -> None:
        self._where = urlsplit(address)
        super().__init__(self._where.hostname or "localhost", self._where.port or 2375, timeout=_SECONDS)

    def connect(self) -> None:
        if self._where.scheme != "unix":
            super().connect()
            return
        self.sock = socket.socket(socket.AF_UNIX)
        self.sock.settimeout(_SECONDS)
        self.sock.connect(self._where.path)
