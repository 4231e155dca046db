"""Toxiproxy, the program that the fault proxy is after: found on this machine, or built once from the Go module proxy.

It is kept outside the checkout. Its module's hash is pinned here; those of the modules that it needs are in its own
``go.sum``, so ``go`` checks every file that it fetches.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tempfile
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from labkit.substrates.cache import alone, cache_folder
from labkit.substrates.ports import free_port
from tests.support.waiting import wait_for

__all__ = ["NotHere", "program", "route"]

MODULE, VERSION = "github.com/Shopify/toxiproxy/v2", "v2.12.0"
SUMS = f"""\
{MODULE} {VERSION} h1:d1x++lYZg/zijXPPcv7PH0MvHMzEI5aX/YuUi/Sw+yg=
{MODULE} {VERSION}/go.mod h1:R9Z38Pw6k2cGZWXHe7tbxjGW9azmY1KbDQJ1kd+h7Tk=
"""
BUILD_SECONDS = 600.0


class NotHere(RuntimeError):
    """There is no Toxiproxy, and none can be made; says why and what would help."""


def program() -> Path:
    """The server: on the path, or built before, or built now. :class:`NotHere` when it cannot be had."""
    if on_path := shutil.which("toxiproxy-server"):
        return Path(on_path)
    built = cache_folder() / "toxiproxy" / VERSION / "toxiproxy-server"
    if not built.exists():
        if not shutil.which("go"):
            raise NotHere("there is no Toxiproxy, and no Go to build it with: install one of them, such as by apt-get install "
                          "golang or brew install toxiproxy")
        with alone("toxiproxy", lambda: None):
            if not built.exists():
                _build(built)
    return built


def _build(built: Path) -> None:
    """Have ``go`` build it in a module of its own: its own ``replace`` lines keep ``go install`` from it."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        (place / "go.mod").write_text(f"module bench\ngo 1.23.0\nrequire {MODULE} {VERSION}\n", "utf-8")
        (place / "go.sum").write_text(SUMS, "utf-8")
        _go(place, "mod", "download", MODULE)
        there = _go(place, "list", "-m", "-f", "{{.Dir}}", MODULE).strip()
        (place / "go.sum").write_text(SUMS + Path(there, "go.sum").read_text("utf-8"), "utf-8")
        _go(place, "build", "-trimpath", "-o", "toxiproxy-server", f"{MODULE}/cmd/server")
        built.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(place / "toxiproxy-server", built.with_suffix(".part"))
        built.with_suffix(".part").replace(built)


def _go(folder: Path, *arguments: str) -> str:
    environment = {**os.environ, "CGO_ENABLED": "0", "GOFLAGS": "-mod=mod", "GOTOOLCHAIN": "local"}
    try:
        return subprocess.run(["go", *arguments], cwd=folder, env=environment, check=True, capture_output=True, text=True,
                              timeout=BUILD_SECONDS).stdout
    except subprocess.SubprocessError as failed:
        told = str(getattr(failed, "stderr", None) or failed).splitlines()
        why = next((line for line in told if line.strip() and not line.startswith("go: downloading")), "it said nothing")
        raise NotHere(f"Toxiproxy {VERSION} could not be built (go {arguments[0]}): {why}") from None


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
