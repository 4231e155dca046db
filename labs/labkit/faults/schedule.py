"""A schedule: the planned faults of one load, injected and lifted at their seconds while it runs.

    with Schedule(injections, t0):          # t0: monotonic time of the load's second 0
        ...                                 # the load runs

What is planned without an end lasts as long as the load.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from types import TracebackType

from labkit.faults.injection import Injection

__all__ = ["Schedule"]


class Schedule:
    """Does the planned injections from a thread of its own, and lifts all of them at the end.

    What goes wrong on the way (a target that has died) stops the schedule and is raised at its end. ``clock`` gives
    monotonic seconds; ``wait(seconds)`` waits that long and gives True when the schedule is to stop.
    """

    def __init__(self, injections: Sequence[Injection], t0: float, *, clock: Callable[[], float] = time.monotonic,
                 wait: Callable[[float], bool] | None = None) -> None:
        self._injections = [injection for injection in injections if injection.planned]
        self._t0, self._clock = t0, clock
        self._stop = threading.Event()
        self._wait = wait or self._stop.wait
        self._thread = threading.Thread(target=self.run, name="labkit-faults", daemon=True)
        self.problem: Exception | None = None

    def run(self) -> None:
        """Do one step after the other, each at its second."""
        try:
            for second, step in self._steps():
                if self._wait(max(0.0, self._t0 + second - self._clock())):
                    return
                step()
        except Exception as problem:  # raised again in the thread that waits for the load
            self.problem = problem

    def _steps(self) -> list[tuple[float, Callable[[], None]]]:
        """In order of time; of two at the same second, the lift comes first."""
        lifts = [(i.until, 0, i.lift) for i in self._injections if i.until is not None]
        injects = [(i.at or 0.0, 1, i.inject) for i in self._injections]
        return [(second, step) for second, _, step in sorted(lifts + injects, key=lambda each: each[:2])]

    def __enter__(self) -> Schedule:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, problem: BaseException | None,
                 trace: TracebackType | None) -> None:
        self._stop.set()
        self._thread.join()
        for injection in self._injections:
            injection.lift()
        if self.problem is not None and problem is None:
            raise self.problem
