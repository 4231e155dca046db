"""Why a program could not be fetched: each a sentence with the cause and what to do."""

from __future__ import annotations

import errno
import shutil
from pathlib import Path

from labkit.language import Text

__all__ = ["CannotGet", "CutOff", "NotReached", "as_trouble", "need_room", "no_room"]

_FULL = Text("There is no space left in {folder}: {what} takes {need} MB, and {free} MB are free. Free some, or have the cache "
             "elsewhere by XDG_CACHE_HOME.",
             "{folder} 的空間不足：{what} 需要 {need} MB，只剩 {free} MB。請釋出空間，或用 XDG_CACHE_HOME 把快取資料夾放到別處。")
_NOT_WRITTEN = Text("{folder} cannot be written ({why}). Give yourself the right, or have the cache elsewhere by XDG_CACHE_HOME.",
                    "無法寫入 {folder}（{why}）。請取得寫入權限，或用 XDG_CACHE_HOME 把快取資料夾放到別處。")


class CannotGet(RuntimeError):
    """It could not be fetched; what was begun is gone again."""

    def __init__(self, text: Text) -> None:
        super().__init__(str(text))
        self.text = text


class CutOff(CannotGet):
    """A download broke off; what came is kept, and the next one goes on from there."""


class NotReached(CannotGet):
    """Nothing came from a registry: no network, no such file there, or it wants to know who asks."""


def need_room(folder: Path, size: int, what: str) -> None:
    """Refuse before anything is fetched, where ``size`` bytes do not fit; ``folder`` is there."""
    if shutil.disk_usage(folder).free < size:
        raise no_room(folder, size, what)


def as_trouble(error: OSError, folder: Path, size: int, what: str) -> CannotGet:
    """What an error of the disk means to a reader."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        return no_room(folder, size, what)
    return CannotGet(_NOT_WRITTEN.format(folder=folder, why=error.strerror or error))


def no_room(folder: Path, size: int, what: str) -> CannotGet:
    """``what`` takes ``size`` bytes, and they are not there."""
    free = shutil.disk_usage(folder).free
    return CannotGet(_FULL.format(folder=folder, what=what, need=-(-size // 1_000_000), free=free // 1_000_000))
