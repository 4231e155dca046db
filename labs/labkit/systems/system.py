"""What every real system of the book is, so that one line of a notebook starts it: ``redis = lab.system("redis")``.

A system is a frozen value: its settings, and how to run the real program with them. ``template.py`` shows how to add
the next one.
"""

from __future__ import annotations

import http.client
import re
import socket
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from typing import Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Member, Program
from labkit.substrates.substrate import Endpoint

__all__ = ["START_SECONDS", "Callee", "System", "asked", "nobody_behind", "on_page", "page", "said", "until"]

START_SECONDS = 30.0
_FORM_SECONDS = 30.0


class Callee(str):
    """The address of a service that is called, where its link begins. ``members`` are all instances of a system behind it."""

    members: Sequence[Member]

    def __new__(cls, address: str, members: Sequence[Member] = ()) -> Callee:
        callee = super().__new__(cls, address)
        callee.members = members
        return callee


class System(ABC):
    """Base of all systems; each is a frozen dataclass whose fields are its settings.

    ``name`` is what a notebook calls it; ``scheme`` begins its address ("redis://127.0.0.1:6379"); ``purpose``, ``breaks``
    (what the labs break in it), ``licence`` and ``maintained`` are for the page "How the labs run". Instances of one that is
    ``clustered`` know of each other. One that ``sees_each`` calls each instance of its callees by an address of its own. It
    may take ``start_seconds`` to its first answer, on a busy machine. Members that do not find each other are started so many
    times in all, ``starts``.
    """

    name: ClassVar[str]
    scheme: ClassVar[str]
    purpose: ClassVar[Text]
    breaks: ClassVar[Text]
    licence: ClassVar[str]
    maintained: ClassVar[Text] = Text("yes", "是")
    clustered: ClassVar[bool] = False
    sees_each: ClassVar[bool] = False
    start_seconds: ClassVar[float] = START_SECONDS
    starts: ClassVar[int] = 1

    @abstractmethod
    def program(self, callees: Mapping[str, str]) -> Program:
        """The program with its configuration; ``callees`` are the addresses of the services that it calls, by name.

        To one that ``sees_each`` an address names all instances: "http://HOST:PORT,HOST:PORT".
        """

    def entries(self, members: Sequence[Endpoint]) -> Sequence[Endpoint]:
        """Those of its members to which its address leads: all, unless they are not alike."""
        return members

    @abstractmethod
    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it answers within ``seconds``, in its own protocol: a port that accepts is no proof."""

    @abstractmethod
    def version(self, host: str, port: int) -> str:
        """Which version it is, as it says itself; "" when it says none."""

    def form(self, members: Sequence[Endpoint]) -> None:  # noqa: B027  most have nothing to do
        """Make one cluster of members that all answer. Most find each other by their configuration, and there is nothing to do.

        It is called again after all were restarted. ``TimeoutError`` when they do not find each other.
        """

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> Any:
        """Its usual Python client, connected to ``host``:``port``, behind which are all ``members``."""
        raise TypeError(str(Text("{name} has no client of its own: use its address, or get() and post().",
                                 "{name} 沒有專屬的客戶端：請用它的位址，或 get() 與 post()。").format(name=self.name)))


def nobody_behind(program: str, kind: str) -> ValueError:
    """A proxy is to be started in front of no service."""
    return ValueError(str(Text("{program} is in front of nobody: say whom it calls, lab.system(\"{kind}\", calls=storefront).",
                               "{program} 後面沒有服務：請說明它要調用哪個服務，lab.system(\"{kind}\", calls=storefront)。"
                               ).format(program=program, kind=kind)))


def until(name: str, formed: Callable[[], object], seconds: float = _FORM_SECONDS) -> None:
    """Wait until the members of ``name`` have ``formed`` a cluster; :class:`TimeoutError` says that they did not."""
    end = time.monotonic() + seconds
    while not formed():
        if time.monotonic() > end:
            raise TimeoutError(str(Text("The members of {name} all answer, but did not become one cluster within {seconds:g} s. "
                                        "Close other programs, then run the cell again.",
                                        "{name} 的成員都有回應，但在 {seconds:g} 秒內沒有組成集群。請關閉其他程式，"
                                        "再執行一次這個儲存格。").format(name=name, seconds=seconds)))
        time.sleep(0.02)


def asked(host: str, port: int, question: bytes, answer: bytes, seconds: float) -> bool:
    """Whether ``question``, sent on a new connection, is answered with what begins like ``answer`` in time."""
    try:
        return _answer(host, port, question, seconds).startswith(answer)
    except OSError:
        return False


def said(host: str, port: int, question: bytes, pattern: bytes, seconds: float = 2.0) -> str:
    """What the group of ``pattern`` is in the answer to ``question``; "" when there is no such answer."""
    try:
        found = re.search(pattern, _answer(host, port, question, seconds))
    except OSError:
        return ""
    return found[1].decode() if found else ""


def page(host: str, port: int, path: str, seconds: float = 2.0) -> str:
    """The body of what a GET brings within ``seconds``; "" when it brings none, or none with a status below 400."""
    connection = http.client.HTTPConnection(host, port, timeout=max(seconds, 0.01))
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        body = answer.read().decode("utf-8", "replace")
    except (OSError, http.client.HTTPException):
        return ""
    finally:
        connection.close()
    return body if answer.status < 400 else ""


def on_page(host: str, port: int, path: str, pattern: str) -> str:
    """What the group of ``pattern`` is on the page; "" when there is no such page, or not on it."""
    found = re.search(pattern, page(host, port, path))
    return found[1] if found else ""


def _answer(host: str, port: int, question: bytes, seconds: float) -> bytes:
    """The first of what a new connection brings."""
    with socket.create_connection((host, port), timeout=max(seconds, 0.01)) as connection:
        connection.sendall(question)
        return connection.recv(4096)
