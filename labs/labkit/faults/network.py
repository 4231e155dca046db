"""Faults of the network: what one does to a connection that runs through the fault proxy.

For each connection the proxy holds one :class:`Stage` for each fault in place, in the order of injection; every byte
passes through all of them::

    client --> request --> request --> upstream        a stage passes a request on by pass_request,
    client <-- answer  <-- answer  <-- upstream        an answer by pass_answer
               stage 1     stage 2

Requests meet stage 1 first, and so do answers: the fault injected last is nearest to where the bytes leave, and also
holds what an earlier one still had. ``noop.py`` is the example to copy. After Shopify's Toxiproxy and its "toxics".
"""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.fault import Fault
from labkit.faults.pipe import Chunk

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["NetworkFault", "Stage"]


class Stage:
    """What one fault does to one connection; this base lets everything through.

    Override what the fault touches. A stage that keeps something back does so in a
    :class:`~labkit.faults.pipe.Backlog`, so that it counts in the bound of its direction.
    """

    pass_request: Callable[[Chunk], None]
    pass_answer: Callable[[Chunk], None]

    def __init__(self, connection: Connection) -> None:
        self.connection = connection

    def begin(self, new: bool) -> None:
        """The stage is in place: on a ``new`` connection, or on one that was open when the fault was injected."""

    def request(self, chunk: Chunk) -> None:
        """Something on its way from the client to the upstream."""
        self.pass_request(chunk)

    def answer(self, chunk: Chunk) -> None:
        """Something on its way from the upstream to the client."""
        self.pass_answer(chunk)

    def end(self) -> None:
        """The fault is lifted: pass on whatever is still kept back, in order. The stage is taken out afterwards."""

    def close(self) -> None:
        """The connection is gone: cancel timers, forget what is kept back."""


class NetworkFault(Fault):
    """A fault that the proxy does; it works alike wherever the services run."""

    needs: ClassVar[str] = "proxy"

    @abstractmethod
    def behaviour(self) -> Callable[[Connection], Stage]:
        """Called once an injection, in the proxy: gives what makes a stage for each connection that the fault covers.

        What those stages share (a random stream, a link's capacity) is made here.
        """
