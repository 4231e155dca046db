"""What a lab takes: its seconds, and the most memory and processes that it had at a time."""

from __future__ import annotations

import itertools
import time
from collections.abc import Callable

from labkit.language import Text
from labkit.substrates.substrate import Substrate

__all__ = ["Costs"]

_NOTHING = Text("nothing of it is left", "現在什麼都沒有留下")


class Costs:
    """Look now and then; :meth:`sentence` tells at the end, of the time since ``began`` (monotonic)."""

    def __init__(self, substrate: Substrate, began: float) -> None:
        self._substrate, self._began = substrate, began
        self._memory = self._processes = 0

    def look(self) -> None:
        """Take note of what is used now."""
        usage = self._substrate.usage()
        self._memory, self._processes = max(self._memory, usage.memory), max(self._processes, usage.processes)

    def beside(self, progress: Callable[[float, int, int], None]) -> Callable[[float, int, int], None]:
        """``progress``, with a look about once a second."""
        seen = itertools.count()

        def note_progress(share: float, sent: int, answered: int) -> None:
            progress(share, sent, answered)
            if next(seen) % 5 == 0:
                self.look()

        return note_progress

    def sentence(self) -> Text:
        """All of it, after the end."""
        return Text("This lab took {seconds:.0f} s and at most {memory:.0f} MiB in {n} processes; {left}.",
                    "這個實驗用了 {seconds:.0f} 秒，最多 {memory:.0f} MiB、{n} 個進程；{left}。").format(
                        seconds=time.monotonic() - self._began, memory=self._memory / 2**20, n=self._processes,
                        left=self._substrate.left or _NOTHING)
