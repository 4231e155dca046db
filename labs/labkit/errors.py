"""What the errors of all parts have in common: the sentence comes last, where a reader of a notebook looks first."""

from __future__ import annotations

from labkit.language import Text

__all__ = ["Closed", "after_log"]

_CLOSED = Text("This lab is closed: its processes have ended. Run the set-up cell again, then the cells after it.",
               "這個實驗已經結束，進程都已停止。請再執行一次設定的儲存格，然後執行後面的儲存格。")
_LOG = Text("the last lines of its log are", "日誌的最後幾行是")


class Closed(RuntimeError):
    """Something was asked of a lab that is closed, or of a handle from it."""

    def __init__(self) -> None:
        super().__init__(str(_CLOSED))


def after_log(sentence: Text, log: str, lines: int = 12) -> str:
    """The last ``lines`` of ``log``, if it has any, and the sentence after them."""
    tail = "\n".join("    " + line for line in log.splitlines()[-lines:])
    return f"{_LOG}\n{tail}\n{sentence}" if tail else str(sentence)
