"""What is told while a program is fetched; a terminal shows it, a notebook or the doctor may."""

from __future__ import annotations

from collections.abc import Callable

from labkit.language import Text

__all__ = ["Report"]


class Report:
    """Tells each step to ``say``, if there is one, and no more; a terminal shows all. It is called from several threads."""

    def __init__(self, say: Callable[[Text], None] | None = None) -> None:
        self._say = say

    def say(self, text: Text) -> None:
        """A step begins, or is over."""
        if self._say is not None:
            self._say(text)

    def total(self, size: int) -> None:
        """So many bytes are to come."""

    def had(self, size: int) -> None:
        """So many of them are here from an earlier time; less than 0 when those have to come again."""

    def came(self, size: int) -> None:
        """So many more have just come; less than 0 when they were not the right ones."""

    def built(self, done: int, of: int) -> None:
        """So many parts of a program are compiled."""
