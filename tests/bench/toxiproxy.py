"""Toxiproxy, the program that the fault proxy is after: found on this machine, or built once from the Go module proxy.

It is built as ``labkit get`` builds what Go brings, and kept outside the checkout.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.fetch.fetch import fetch
from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet
from labkit.substrates.ports import free_port
from labkit.substrates.source import Go
from tests.support.waiting import wait_for

__all__ = ["NotHere", "program", "route"]

_MODULE, _VERSION = "github.com/Shopify/toxiproxy/v2", "2.12.0"
TOXIPROXY = Go("toxiproxy", "toxiproxy-server", _VERSION, _MODULE, f"{_MODULE}/cmd/server", f"""\
{_MODULE} v{_VERSION} h1:d1x++lYZg/zijXPPcv7PH0MvHMzEI5aX/YuUi/Sw+yg=
{_MODULE} v{_VERSION}/go.mod h1:R9Z38Pw6k2cGZWXHe7tbxjGW9azmY1KbDQJ1kd+h7Tk=
""", (1, 23), 11_000_000, 6, 300_000_000)


class NotHere(RuntimeError):
    """There is no Toxiproxy, and none can be made; says why and what would help."""


def program() -> Path:
    """The server: on the path, or built before, or built now. :class:`NotHere` when it cannot be had."""
    if on_path := shutil.which(TOXIPROXY.executable):
        return Path(on_path)
    if not TOXIPROXY.is_whole():
        try:
            fetch(TOXIPROXY, Report())
        except CannotGet as trouble:
            raise NotHere(f"there is no Toxiproxy: {trouble}") from None
    return TOXIPROXY.program


@contextmanager
def route(upstream: int) -> Iterator[int]:
    """A running Toxiproxy without a toxic, with one way to ``upstream``; the port of that way."""
    api = free_port()
    server = subprocess.Popen([program(), "-host", "127.0.0.1", "-port", str(api)], stdin=subprocess.DEVNULL,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: server.poll() is not None or _asked(api, "/version"), "an answer of Toxiproxy")
        way = json.dumps({"name": "bench", "listen": "127.0.0.1:0", "upstream": f"127.0.0.1:{upstream}", "enabled": True})
        yield int(json.loads(_asked(api, "/proxies", way.encode()))["listen"].rpartition(":")[2])
    finally:
        server.kill()
        server.wait()


def _asked(port: int, path: str, body: bytes | None = None) -> bytes:
    """What its control interface answers; nothing while it does not listen."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", body, timeout=5) as answer:
            return bytes(answer.read())
    except urllib.error.HTTPError as refused:
        raise RuntimeError(f"Toxiproxy says {refused.code}: {refused.read().decode()}") from None
    except OSError:
        return b""
