"""What a service that does not start is told to its reader as: its last lines, what happened, and what to do."""

from __future__ import annotations

import signal

from labkit.language import Text
from labkit.substrates.substrate import Died, Process

__all__ = ["ended_while_starting", "never_answered"]

_MEMORY = Text("The machine is probably short of memory. Close other programs or start fewer instances, then run the cell again.",
               "機器可能記憶體不足。請關閉其他程式或減少實例，再執行一次這個儲存格。")
_SPACE = Text("There is no space left on the disk. Free some, or set LABKIT_TMP to a folder elsewhere, then run the set-up cell "
              "again.",
              "磁碟空間不足。請釋出空間，或把 LABKIT_TMP 設為別處的資料夾，再執行一次設定的儲存格。")
_SILENT = Text("It wrote nothing, not even why: see whether there is space left on the disk, then run the cell again.",
               "它什麼都沒有寫下，連原因也沒有：請看看磁碟是否還有空間，再執行一次這個儲存格。")
_READ = Text("Mend what its log says, then run the cell again.", "請依日誌所說的修正，再執行一次這個儲存格。")
_SIGNS = {"MemoryError": _MEMORY, "Cannot allocate memory": _MEMORY, "No space left on device": _SPACE}


def ended_while_starting(name: str, process: Process) -> Died:
    """The process is gone before it ever answered; raises the cause when it could not even be started."""
    _ = process.pid
    log = process.log()
    return Died(Text("{name} ended while it started (exit status {status}). {remedy}",
                     "{name} 在啟動時就結束了（結束狀態 {status}）。{remedy}").format(
                         name=name, status=process.status, remedy=_remedy(process.status, log)), log)


def never_answered(name: str, silence: Text, seconds: float, process: Process) -> Died:
    """The process lives, but never got well: ``silence`` says what it did not do."""
    return Died(Text("{name} {silence} within {seconds:g} s and was ended. Mend what keeps it from that, or close other programs, "
                     "then run the cell again.",
                     "{name} 在 {seconds:g} 秒內{silence}，已被結束。請修正原因，或關閉其他程式，再執行一次這個儲存格。"
                     ).format(name=name, silence=silence, seconds=seconds), process.log())


def _remedy(status: int | None, log: str) -> Text:
    if status == -signal.SIGKILL:  # by the system, which does so when memory is short
        return _MEMORY
    return next((remedy for sign, remedy in _SIGNS.items() if sign in log), _READ if log.strip() else _SILENT)
