"""What every real system of the book is, so that one line of a notebook starts it: ``redis = lab.system("redis")``.

A system is a frozen value: its settings, and how to run the real program with them. ``template.py`` shows how to add
the next one.
"""

from __future__ import annotations

import re
import socket
from abc import ABC, abstractmethod
from collections.abc import Mapping
from typing import Any, ClassVar

from labkit.language import Text
from labkit.substrates.program import Program

__all__ = ["System", "asked", "said"]


class System(ABC):
    """Base of all systems; each is a frozen dataclass whose fields are its settings.

    ``name`` is what a notebook calls it; ``scheme`` begins its address ("redis://127.0.0.1:6379"); ``purpose``, ``licence``
    and ``maintained`` are for the page "How the labs run".
    """

    name: ClassVar[str]
    scheme: ClassVar[str]
    purpose: ClassVar[Text]
    licence: ClassVar[str]
    maintained: ClassVar[Text] = Text("yes", "是")

    @abstractmethod
    def program(self, callees: Mapping[str, str]) -> Program:
        """The program with its configuration; ``callees`` are the addresses of the services that it calls, by name."""

    @abstractmethod
    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it answers within ``seconds``, in its own protocol: a port that accepts is no proof."""

    @abstractmethod
    def version(self, host: str, port: int) -> str:
        """Which version it is, as it says itself; "" when it says none."""

    def client(self, host: str, port: int) -> Any:
        """Its usual Python client, connected."""
        raise TypeError(str(Text("{name} has no client of its own: use its address, or get() and post().",
                                 "{name} 沒有專屬的客戶端：請用它的位址，或 get() 與 post()。").format(name=self.name)))


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


def _answer(host: str, port: int, question: bytes, seconds: float) -> bytes:
    """The first of what a new connection brings."""
    with socket.create_connection((host, port), timeout=max(seconds, 0.01)) as connection:
        connection.sendall(question)
        return connection.recv(4096)
