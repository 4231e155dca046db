"""No fault at all: the example to copy when adding one.

1. Copy this file; name it, and the class, after the textbook's word for the fault.
2. Settings are the dataclass's fields, each with its unit in the docstring; refuse what makes no sense in
   ``__post_init__`` with a sentence that says what to do instead.
3. ``label`` is what a chart shows.
4. ``behaviour`` is called once an injection and makes one stage for each connection; override in the stage what the
   fault touches (see :class:`~labkit.faults.network.Stage`), and in ``end`` let go of what it still keeps.
5. Add the class to ``catalogue.py``, and a test that measures its effect, that it grows with its grade, and that it is
   gone after ``lift``. A fault that does nothing is a lie; this one is the only one that may.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.faults.network import NetworkFault, Stage
from labkit.faults.pipe import Chunk
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.connection import Connection

__all__ = ["Noop"]


@dataclass(frozen=True)
class Noop(NetworkFault):
    """Every byte goes through a stage that passes it on: what a fault costs before it does anything."""

    name: ClassVar[str] = "noop"

    @property
    def label(self) -> Text:
        """What a chart shows."""
        return Text("no fault", "無故障")

    def behaviour(self) -> Callable[[Connection], Stage]:
        """One stage for each connection; they share nothing."""
        return _Through


class _Through(Stage):
    """Passes everything on; the same as the base, written out to be changed."""

    def request(self, chunk: Chunk) -> None:
        self.pass_request(chunk)

    def answer(self, chunk: Chunk) -> None:
        self.pass_answer(chunk)
