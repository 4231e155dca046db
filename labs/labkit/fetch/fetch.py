"""Fetch a program by one of its sources, whatever that is."""

from __future__ import annotations

from functools import partial

from labkit.fetch.build import build, no_go
from labkit.fetch.jars import fetch_jars
from labkit.fetch.keep import keep
from labkit.fetch.report import Report
from labkit.fetch.toolchain import ahead
from labkit.fetch.trouble import CannotGet
from labkit.fetch.unpack import unpack
from labkit.fetch.wheel import fetch_wheel, no_wheel
from labkit.language import Text
from labkit.substrates.java import find_java, no_java
from labkit.substrates.source import Go, Maven, Package, Source, Wheel

__all__ = ["cost", "fetch"]

_PACKAGE = 500_000_000  # bytes that one with what it stands on may take
_UNPACKED = 5  # times the size of a wheel that it and its program take together
_BUILD = Text("{mb} MB, built by Go in about {minutes} min on two cores", "{mb} MB，用 Go 編譯，兩個核心大約 {minutes} 分鐘")
_GO_FIRST = Text("{build}, after {mb} MB for a Go that is new enough", "{build}；先下載夠新的 Go，{mb} MB")
_DOWNLOAD = Text("{mb} MB to download", "下載 {mb} MB")


def fetch(source: Source, report: Report) -> None:
    """Have it whole in the cache. :class:`~labkit.fetch.trouble.CannotGet` says why not, and leaves nothing half-made."""
    if isinstance(source, Maven):
        if not find_java(source.java):
            raise CannotGet(no_java(source.name, source.java))
        keep(source, sum(jar.size for jar in source.jars), partial(fetch_jars, source, report=report), report)
    elif isinstance(source, Wheel):
        if source.file is None:
            raise no_wheel(source)
        keep(source, source.file.size * _UNPACKED, partial(fetch_wheel, source, report=report), report)
    elif isinstance(source, Go):
        if trouble := no_go(source):
            raise trouble
        coming = ahead(source.go)
        keep(source, source.room + (coming.room if coming else 0), partial(build, source, report=report), report)
    elif isinstance(source, Package):
        keep(source, _PACKAGE, partial(unpack, source, report=report), report)
    else:
        raise TypeError(f"nothing fetches {type(source).__name__}")


def cost(source: Source) -> Text:
    """What it takes to fetch it, said before it is begun."""
    if isinstance(source, Maven):
        return _DOWNLOAD.format(mb=_mb(sum(jar.size for jar in source.jars)))
    if isinstance(source, Wheel) and source.file:
        return _DOWNLOAD.format(mb=_mb(source.file.size))
    if isinstance(source, Go):
        build = _BUILD.format(minutes=f"{source.seconds / 60:.0f}" if source.seconds > 90 else "1", mb=_mb(source.size))
        coming = ahead(source.go)
        return _GO_FIRST.format(build=build, mb=_mb(coming.size)) if coming and coming.size else build
    return Text("", "")


def _mb(size: int) -> str:
    return f"{size / 1e6:.0f}"
