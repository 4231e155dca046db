"""What a grader is: promises that an answer must keep, and how to look for the example that breaks one.

A grader is a page of its own in ``labkit/check/graders``; copy the shortest to begin another. Its promises are checked
in order, so put the one that a first attempt breaks first. A check plays one example against the answer, in virtual
time, and returns None or what broke; what the answer raises is caught for it, and so is a loop that does not end.
"""

from __future__ import annotations

import inspect
import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from hypothesis.strategies import SearchStrategy

from labkit.check.guard import PATIENCE, Endless, Stuck, guarded
from labkit.check.search import Unsteady, smallest
from labkit.language import Text

__all__ = ["Broke", "Finding", "Grader", "Promise"]

E = TypeVar("E")

_RAISED = Text("It raised {kind}: {message}{where}.", "它丟出了 {kind}：{message}{where}。")
_LINE = Text(" (line {line} of your code)", "（你的程式第 {line} 行）")
_ENDLESS = Text("It does not come to an end.", "它停不下來。")
_STUCK = Text("It waits and does not return.", "它一直在等，沒有返回。")
_UNSTEADY = Text("It does not do the same twice: this broke it once, and the next time it did not.",
                 "它兩次的表現不一樣：這個例子第一次出錯，第二次卻沒有。")
_STEADY_HINT = Text("Use nothing that changes by itself: no real clock, no random numbers, no outside variables.",
                    "不要用會自己改變的東西：真正的時鐘、隨機數、外面的變數都不行。")
_WANTS = Text("This exercise needs {wants}; it was given {answer!r}.", "這一題需要 {wants}；收到的是 {answer!r}。")
_MISSING = Text("This exercise needs {wants}; the class has no {names}.", "這一題需要 {wants}；這個類別沒有 {names}。")
_ARGUMENTS = Text("This exercise needs {wants}; {name} takes other arguments.",
                  "這一題需要 {wants}；{name} 的參數不符。")


@dataclass(frozen=True)
class Broke:
    """What broke, and a hint at why."""

    what: Text
    hint: Text


@dataclass(frozen=True)
class Promise(Generic[E]):
    """One promise: ``check(answer, example)`` is None or what broke; ``show`` writes an example for the reader.

    ``hint`` is for an answer that raises or does not end. ``first`` are examples to try before searching, the smallest
    first: for what an answer may break by waiting for ever, where a search would have to wait each time. ``once`` says
    that a break seen once counts, though it may not be seen again: threads are not steady.
    """

    examples: SearchStrategy[E]
    check: Callable[[Any, E], Broke | None]
    show: Callable[[E], Text]
    hint: Text
    first: tuple[E, ...] = ()
    once: bool = False


@dataclass(frozen=True)
class Finding:
    """What grading found: None where all promises were kept."""

    broke: Broke | None
    example: Text | None
    tried: int


@dataclass(frozen=True)
class Grader:
    """An exercise and how it is graded: ``wants`` says in code what to write, the answer takes ``arguments`` arguments.

    ``methods`` are those of a class with the number of their arguments; a function has none.
    """

    name: str
    statement: Text
    wants: str
    arguments: int
    promises: tuple[Promise[Any], ...]
    methods: Mapping[str, int] = field(default_factory=dict)

    def misfit(self, answer: Any) -> Text | None:
        """Why this cannot be an answer at all: not callable, other arguments, a method missing."""
        if not callable(answer) or (self.methods and not isinstance(answer, type)):
            return _WANTS.format(wants=self.wants, answer=answer)
        missing = [name for name in self.methods if not callable(getattr(answer, name, None))]
        if missing:
            return _MISSING.format(wants=self.wants, names=", ".join(missing))
        methods = ((getattr(answer, name), count + 1) for name, count in self.methods.items())
        calls = [(answer, self.arguments), *methods]
        wrong = next((call for call, count in calls if not _takes(call, count)), None)
        return None if wrong is None else _ARGUMENTS.format(wants=self.wants, name=getattr(wrong, "__name__", wrong))

    def examine(self, answer: Any, patience: float = PATIENCE) -> Finding:
        """Look for the first promise that breaks, and the smallest example that breaks it."""
        tried = 0
        for promise in self.promises:
            examination = _Examination(promise, answer, patience)
            broke, example = examination.run()
            tried += examination.tried
            if broke is not None:
                return Finding(broke, example, tried)
        return Finding(None, None, tried)


class _Halt(BaseException):
    """Ends a search at once: code that got stuck once must not be tried again. Hypothesis lets it pass."""


class _Examination(Generic[E]):
    """One answer and one promise."""

    def __init__(self, promise: Promise[E], answer: Any, patience: float) -> None:
        self.promise, self.answer, self.patience, self.tried = promise, answer, patience, 0
        self._last: tuple[Broke, E] | None = None
        self._seen: dict[str, Broke] = {}

    def run(self) -> tuple[Broke | None, Text | None]:
        try:
            example = smallest(self.promise.examples, self._breaks, self.promise.first)
            if example is None:
                return None, None
        except (_Halt, Unsteady) as stopped:
            assert self._last is not None
            broke, example = self._last
            if isinstance(stopped, Unsteady):
                broke = Broke(_UNSTEADY, _STEADY_HINT)
            return broke, self.promise.show(example)
        return self._outcome(example) or Broke(_UNSTEADY, _STEADY_HINT), self.promise.show(example)

    def _breaks(self, example: E) -> bool:
        self.tried += 1
        broke = self._outcome(example)
        if broke is None:
            return False
        self._last = broke, example
        if broke.what is _STUCK:
            raise _Halt
        return True

    def _outcome(self, example: E) -> Broke | None:
        if not self.promise.once:
            return self._played(example)
        if repr(example) not in self._seen and (broke := self._played(example)):
            self._seen[repr(example)] = broke
        return self._seen.get(repr(example))

    def _played(self, example: E) -> Broke | None:
        try:
            return guarded(lambda: self.promise.check(self.answer, example), self.patience)
        except Endless:
            return Broke(_ENDLESS, self.promise.hint)
        except Stuck:
            return Broke(_STUCK, self.promise.hint)
        except Exception as error:
            return Broke(_raised(error), self.promise.hint)


def _raised(error: Exception) -> Text:
    line = _readers_line(error)
    where = Text("", "") if line is None else _LINE.format(line=line)
    return _RAISED.format(kind=type(error).__name__, message=str(error), where=where)


def _readers_line(error: Exception) -> int | None:
    """The deepest line of the file (or cell) by which the reader's code was entered."""
    steps = [(frame.f_code.co_filename, line) for frame, line in traceback.walk_tb(error.__traceback__)
             if not str(frame.f_globals.get("__name__", "")).startswith("labkit.")]
    return next((line for file, line in reversed(steps) if file == steps[0][0]), None)


def _takes(call: Any, count: int) -> bool:
    try:
        inspect.signature(call).bind(*[None] * count)
    except TypeError:
        return False
    except ValueError:  # some built-ins do not say what they take
        return True
    return True
