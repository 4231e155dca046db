"""Put a program into the cache whole or not at all: make it beside its place, have it on the disk, rename it."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

from labkit.fetch.report import Report
from labkit.fetch.trouble import CutOff, NotReached, as_trouble, need_room
from labkit.language import Text
from labkit.substrates.cache import alone
from labkit.substrates.source import CONTENTS, Source, programs_folder

__all__ = ["keep"]

_WAITING = Text("Another process is fetching {name}: waiting for it.", "另一個進程正在取得 {name}：等待它完成。")


def keep(source: Source, size: int, fill: Callable[[Path], None], report: Report) -> None:
    """Have ``fill`` make the folder of ``source``, unless it is whole; ``size`` bytes are taken while it does.

    Of two who want the same, one makes it. What a download that broke off has left stays beside, for the next one.
    """
    home = programs_folder()
    try:
        home.mkdir(parents=True, exist_ok=True)
        with alone(f"get-{source.name}", lambda: report.say(_WAITING.format(name=source.name))):
            if not source.is_whole():
                _make(source, size, fill)
    except OSError as error:
        raise as_trouble(error, _there(home), size, source.name) from None


def _make(source: Source, size: int, fill: Callable[[Path], None]) -> None:
    part = source.folder.with_name(source.folder.name + ".part")
    part.mkdir(exist_ok=True)
    try:
        need_room(part, size - _bytes(part), source.name)
        fill(part)
        _write_contents(part)
        if source.folder.exists():  # somebody has taken a file out of it
            shutil.rmtree(source.folder)
        part.rename(source.folder)
        _sync(source.folder.parent)
    except (CutOff, NotReached, KeyboardInterrupt):
        if not any(part.iterdir()):
            part.rmdir()
        raise
    except BaseException:
        shutil.rmtree(part, ignore_errors=True)
        raise


def _write_contents(folder: Path) -> None:
    """List what is there, after all of it is on the disk."""
    files = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != CONTENTS)
    for path in files:
        _sync(path)
    (folder / CONTENTS).write_text("".join(f"{path.stat().st_size} {path.relative_to(folder)}\n" for path in files), "utf-8")
    _sync(folder / CONTENTS)
    _sync(folder)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _bytes(folder: Path) -> int:
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


def _there(folder: Path) -> Path:
    """The nearest folder above that exists."""
    return next(path for path in (folder, *folder.parents) if path.exists())
