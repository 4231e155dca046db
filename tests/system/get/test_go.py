"""A build for real where no Go is: Debian's fetches a newer one, which builds; and what is told when that one does not come."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

import pytest

from labkit.fetch.toolchain import LOCK, MODULE, VERSION

ROOT = Path(__file__).resolve().parents[3]
SUMS = """golang.org/x/tools v0.38.0 h1:Hx2Xv8hISq8Lm16jvBZ2VQf+RLmbd7wVUsALibYI/IQ=
golang.org/x/tools v0.38.0/go.mod h1:yEsQ/d/YK8cjh0L6rZlY8tgtlKiBNTL14pGDJPJpYQs=
"""
RUN = f"""
from labkit.fetch import go
from labkit.fetch.fetch import cost, fetch
from labkit.fetch.trouble import CannotGet
from labkit.get.terminal import Terminal
from labkit.substrates.source import Go
go._PLACES = ""
digraph = Go("digraph", "digraph", "0.38.0", "golang.org/x/tools", "golang.org/x/tools/cmd/digraph", {SUMS!r}, (1, 26),
             2_000_000, 10, 100_000_000)
print(cost(digraph))
try:
    fetch(digraph, Terminal("digraph"))
    print(digraph.program)
except CannotGet as trouble:
    print(trouble)
"""
HIDDEN = ("go", "gofmt")
FOLDERS = ("/usr/bin", "/bin", "/usr/sbin", "/sbin")

pytestmark = [pytest.mark.needs("registries"), pytest.mark.timeout(600),
              pytest.mark.skipif(shutil.which("apt-get") is None or sys.platform != "linux", reason="Debian's Go is Debian's")]


@pytest.fixture(scope="module")
def environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, str]]:
    """A machine without Go: all other programs, and caches of one's own."""
    home = tmp_path_factory.mktemp("machine")
    path = home / "bin"
    path.mkdir()
    for folder in map(Path, FOLDERS):
        for program in folder.iterdir():
            if program.name not in HIDDEN and not (path / program.name).exists():
                (path / program.name).symlink_to(program)
    yield {**os.environ, "PATH": str(path), "XDG_CACHE_HOME": str(home / "cache"), "CI": "",
           "GOMODCACHE": str(home / "modules"), "GOCACHE": str(home / "built"), "PYTHONPATH": f"{ROOT}:{ROOT / 'labs'}"}
    subprocess.run(["chmod", "-R", "u+w", home], check=True)  # Go keeps modules from being written
    shutil.rmtree(home)


def get(environment: dict[str, str]) -> tuple[str, str, str]:
    """What a small program of Go's makers costs, where it is or why not, and what was told."""
    done = subprocess.run([sys.executable, "-c", RUN], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)
    assert done.returncode == 0, done.stderr
    cost, found = done.stdout.splitlines()
    return cost, found, done.stderr


def said_by(*command: str | Path) -> str:
    return subprocess.run(command, capture_output=True, text=True, check=True).stdout


@pytest.fixture(scope="module")
def built(environment: dict[str, str]) -> tuple[str, str, str]:
    """It, built there."""
    return get(environment)


@pytest.fixture(scope="module")
def fetched(built: tuple[str, str, str], environment: dict[str, str]) -> Path:
    """The Go that was fetched for that."""
    return Path(environment["XDG_CACHE_HOME"]) / "microservices-by-experiment" / "programs" / f"go-{VERSION}"


def test_without_go_one_is_fetched_and_builds(built: tuple[str, str, str], fetched: Path, environment: dict[str, str]) -> None:
    cost, program, told = built
    assert "MB for a Go that is new enough" in cost
    assert "Debian's Go is unpacked" in told
    edges = subprocess.run([program, "succs", "orders"], input="orders stock payment", capture_output=True, text=True, check=True)
    assert edges.stdout.split() == ["payment", "stock"]
    assert f"go{VERSION} " in said_by(fetched / "bin" / "go", "version")
    assert sorted(path.name for path in fetched.parent.iterdir()) == ["digraph-0.38.0", fetched.name]  # Debian's has gone
    assert "Go" not in get(environment)[2]  # and nothing comes again


@contextmanager
def proxy(folder: Path) -> Iterator[str]:
    """A module proxy on this machine that gives these files; a name that ends in ``.half`` breaks off there."""

    class Handler(SimpleHTTPRequestHandler):
        def do_GET(self) -> None:
            half = Path(f"{self.translate_path(self.path)}.half")
            if not half.exists():
                return super().do_GET()
            self.send_response(200)
            self.send_header("Content-Length", str(2 * half.stat().st_size))
            self.end_headers()
            self.wfile.write(half.read_bytes())
            self.close_connection = True
            return None

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), partial(Handler, directory=folder)) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


def offered(folder: Path, go: Path, kind: str) -> None:
    """What the proxy has of the toolchain: half of it, or another."""
    (version,) = [line.split()[0] for line in LOCK.read_text("utf-8").splitlines() if line.split()[0] in str(go.resolve())]
    kept = go.resolve().parents[1] / "cache" / "download" / MODULE / "@v"
    place = folder / MODULE / "@v"
    place.mkdir(parents=True)
    for ending in ("info", "mod"):
        shutil.copy(kept / f"{version}.{ending}", place)
    if kind == "half":
        (place / f"{version}.zip.half").write_bytes((kept / f"{version}.zip").read_bytes()[:1_000_000])
    else:
        with zipfile.ZipFile(place / f"{version}.zip", "w") as other:
            other.writestr(f"{MODULE}@{version}/VERSION", "go1.0\n")


@pytest.mark.parametrize(("kind", "said"), [
    ("none", "The Go module proxy cannot be reached"),
    ("half", "The Go module proxy cannot be reached"),
    ("other", "A module that digraph needs is not the one that is pinned"),
])
def test_one_that_does_not_come_whole_is_not_taken(fetched: Path, environment: dict[str, str], tmp_path: Path, kind: str,
                                                   said: str) -> None:
    old = tmp_path / "bin" / "go"
    old.parent.mkdir()
    old.write_text(f'#!/bin/sh\n[ "$1 $2" != "env GOVERSION" ] || {{ echo go1.19.8; exit; }}\n'
                   f'exec {fetched.resolve()}/bin/go "$@"\n')
    old.chmod(0o755)
    if kind != "none":
        offered(tmp_path / "proxy", fetched, kind)
    with proxy(tmp_path / "proxy") as address:
        told_of = "http://127.0.0.1:1" if kind == "none" else address
        _, found, told = get({**environment, "PATH": f"{old.parent}:{environment['PATH']}", "GOPROXY": told_of,
                              "XDG_CACHE_HOME": str(tmp_path / "cache"), "GOMODCACHE": str(tmp_path / "modules")})
    assert said in found, told
    assert list((tmp_path / "cache" / "microservices-by-experiment" / "programs").iterdir()) == []
