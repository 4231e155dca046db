"""What a service that does not start is told to its reader as: what happened, what to do, and its last lines."""

from __future__ import annotations

import signal

from labkit.language import Text
from labkit.substrates.substrate import Died, Process

__all__ = ["ended_while_starting", "never_answered"]

_MEMORY = Text(" The machine is probably short of memory. Close other programs or start fewer instances.",
               "這台機器可能記憶體不足。請關閉其他程式，或減少實例。")
_SPACE = Text(" There is no space left on the disk. Free some, or set LABKIT_TMP to a folder elsewhere.",
              "磁碟空間不足。請釋出空間，或把 LABKIT_TMP 設為別處的資料夾。")
_SIGNS = {"MemoryError": _MEMORY, "Cannot allocate memory": _MEMORY, "No space left on device": _SPACE}


def ended_while_starting(name: str, process: Process) -> Died:
    """The process is gone before it ever answered; raises the cause when it could not even be started."""
    _ = process.pid
    log = process.log()
    return Died(Text("{name} ended while it started (exit status {status}).{hint} Its last lines:",
                     "{name} 在啟動時就結束了（結束狀態 {status}）。{hint}最後幾行日誌：").format(
                         name=name, status=process.status, hint=_hint(process.status, log)), log)


def never_answered(name: str, seconds: float, process: Process) -> Died:
    """The process lives, but ``/health`` was not answered with 200."""
    return Died(Text("{name} did not answer /health within {seconds:g} s and was ended. Its last lines:",
                     "{name} 在 {seconds:g} 秒內沒有回應 /health，已被結束。最後幾行日誌：").format(
                         name=name, seconds=seconds), process.log())


def _hint(status: int | None, log: str) -> Text:
    if status == -signal.SIGKILL:  # by the system, which does so when memory is short
        return _MEMORY
    return next((hint for sign, hint in _SIGNS.items() if sign in log), Text("", ""))
