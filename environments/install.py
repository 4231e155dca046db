"""Make the private environment in ``.venv`` what the locks say: ``python environments/install.py [SET...]``.

The learner's packages (requirements.txt) always, then each SET of environments/locks (``site``, ``test``). Where all is
in place this returns at once and writes nothing. An environment that was interrupted while it was made, or made by
another Python or elsewhere, is made again; of two that start at once, one works and the other waits. Standard library
only, and the Python that runs it is the one that the environment is made of.
"""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
UNFINISHED = VENV / ".unfinished"  # is there while packages are put in: found at a start, the last one was interrupted
ROOM = {"requirements": 900, "site": 300, "test": 700}  # MiB: what a set takes while pip unpacks it beside its wheels

_FULL = "The disk is full. Free some room ({room} MiB are needed in all), then run the same again."
_ALONE = ("No package index was reached. Connect to the network (behind a proxy, set HTTPS_PROXY), then run the same "
          "again.")
_SIGNS = {  # what pip prints, and what it means for the reader; the first that is found counts
    "No space left on device": _FULL,
    "THESE PACKAGES DO NOT MATCH THE HASHES": "A package is not the one that was locked, so it was not installed. Run "
                                              "the same again; if it stays so, the index serves something else.",
    "Failed building wheel": "A package had to be compiled, and there is no C compiler. On Debian or Ubuntu: "
                             "sudo apt-get install -y gcc python3-dev",
    "CERTIFICATE_VERIFY_FAILED": "The package index shows a certificate that is not known here, as behind a company's "
                                 "proxy. Name the file of its authority, PIP_CERT=/path/to/ca.pem, and run the same again.",
    "connection broken by": _ALONE,
    "Failed to establish a new connection": _ALONE,
    "Temporary failure in name resolution": _ALONE,
}


class CannotInstall(Exception):
    """A sentence for the reader: what was wrong and what to do."""


def main(sets: list[str]) -> int:
    """Install what is missing; the status is 0 when all is in place."""
    names = ["requirements", *sets]
    if not _missing(names):
        return 0
    try:
        with _alone():
            _make_venv()
            for name in _missing(names):
                _install(name)
    except CannotInstall as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next start makes it whole.", file=sys.stderr)
        return 130
    return 0


def _missing(names: list[str]) -> list[str]:
    """The sets whose packages are not in place, in order."""
    if not PYTHON.exists() or UNFINISHED.exists() or _read(VENV / ".made") != _origin():
        return names
    return [name for name in names if _read(_stamp(name)) != _digest(name)]


def _origin() -> str:
    """What an environment depends on beside its packages: this Python, and where the checkout lies."""
    return f"{sys.version} {sys.base_prefix} {ROOT}"


def _lock(name: str) -> Path:
    return ROOT / "requirements.txt" if name == "requirements" else ROOT / "environments" / "locks" / f"{name}.txt"


def _digest(name: str) -> str:
    return hashlib.sha256(_lock(name).read_bytes()).hexdigest()


def _stamp(name: str) -> Path:
    return VENV / f".installed-{name}"


def _read(path: Path) -> str:
    return path.read_text("utf-8") if path.exists() else ""


@contextmanager
def _alone() -> Iterator[None]:
    """Wait until no other start is at work here; the lock goes with its process, however that ends."""
    VENV.mkdir(exist_ok=True)
    with (VENV / ".lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another ./run is setting up; waiting for it...", file=sys.stderr)
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _make_venv() -> None:
    if PYTHON.exists() and not UNFINISHED.exists() and _read(VENV / ".made") == _origin():
        return
    _need_room("requirements")
    print(f"Making {VENV} with Python {sys.version.split()[0]}", file=sys.stderr)
    for old in VENV.iterdir():
        if old.name != ".lock":
            shutil.rmtree(old) if old.is_dir() and not old.is_symlink() else old.unlink()
    UNFINISHED.touch()
    base = getattr(sys, "_base_executable", sys.executable)  # this Python may be the .venv's own, which has just gone
    _quietly([base, "-m", "venv", str(VENV)])
    site = next(VENV.glob("lib/python*/site-packages"))
    (site / "microservices_by_experiment.pth").write_text(f"{ROOT}\n{ROOT / 'labs'}\n", "utf-8")
    (VENV / ".made").write_text(_origin(), "utf-8")
    UNFINISHED.unlink()


def _install(name: str) -> None:
    _need_room(name)
    UNFINISHED.touch()
    total = sum(line[:1].isalpha() for line in _lock(name).read_text("utf-8").splitlines())
    began = time.monotonic()
    print(f"Installing the packages of {_lock(name).relative_to(ROOT)}; the first time this takes a minute or two",
          file=sys.stderr)
    _pip(["install", "--require-hashes", "--no-deps", "-r", str(_lock(name))], name, total)
    _stamp(name).write_text(_digest(name), "utf-8")
    UNFINISHED.unlink()
    print(f"  done in {time.monotonic() - began:.0f} s", file=sys.stderr)


def _pip(arguments: list[str], name: str, total: int) -> None:
    """Run pip, show how far it is, and turn what it failed of into a sentence."""
    command = [str(PYTHON), "-m", "pip", "--disable-pip-version-check", "--no-input", *arguments, "--progress-bar=off"]
    environment = {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX")}
    environment |= {"PIP_USER": "0", "PYTHONUNBUFFERED": "1"}
    lines: list[str] = []
    with (subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace",
                           env=environment) as pip, _Progress(total) as progress):
        for line in pip.stdout or ():
            lines.append(line)
            progress.see(line)
    if pip.returncode:
        output = "".join(lines)
        if "Installing collected packages" not in output:
            UNFINISHED.unlink()  # pip fetches all before it touches anything, so what was here before is still whole
        if pip.returncode < 0:
            raise CannotInstall(f"pip was ended by {signal.Signals(-pip.returncode).name}, perhaps because memory is short. "
                                "Close other programs, then run the same again.")
        raise CannotInstall(_explained(output, name))


def _quietly(command: list[str]) -> None:
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, errors="replace")
    if done.returncode:
        raise CannotInstall(_explained(done.stdout, "requirements"))


def _explained(output: str, name: str) -> str:
    tail = "\n".join([line for line in output.splitlines() if not line.startswith("Ignoring ")][-8:])
    meaning = next((meaning for sign, meaning in _SIGNS.items() if sign in output), "That failed; see the lines above.")
    return f"{tail}\n{meaning.format(room=ROOM.get(name, 500))}"


def _need_room(name: str) -> None:
    free, room = shutil.disk_usage(VENV).free >> 20, ROOM.get(name, 500)
    if free < room:
        raise CannotInstall(f"The disk that holds {VENV} has {free} MiB left, and {room} are needed. Free some room, "
                            "then run the same again.")


class _Progress:
    """One line that says how far pip is: rewritten on a terminal, else printed anew every ten seconds."""

    def __init__(self, total: int) -> None:
        self._total, self._seen, self._doing = total, 0, "looking up packages"
        self._began, self._over = time.monotonic(), threading.Event()
        self._terminal = sys.stderr.isatty()
        self._thread = threading.Thread(target=self._show, daemon=True)

    def see(self, line: str) -> None:
        """Take note of a line that pip printed."""
        words = line.split()
        if line.startswith("Collecting "):
            self._seen += 1
            self._doing = f"{self._seen} of at most {self._total} packages fetched: {words[1].split('==')[0]}"
        elif line.startswith("Installing collected packages"):
            self._doing = f"putting {self._seen} packages in place"

    def _show(self) -> None:
        while not self._over.wait(0.5 if self._terminal else 10):
            text = f"  {time.monotonic() - self._began:.0f} s: {self._doing}"
            print(f"\r{text:<78}" if self._terminal else f"{text}\n", end="", file=sys.stderr, flush=True)

    def __enter__(self) -> _Progress:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()
        if self._terminal:
            print("\r" + " " * 78, end="\r", file=sys.stderr, flush=True)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except OSError as problem:
        if problem.errno != errno.ENOSPC:
            raise
        sys.exit("The disk is full. Free some room, then run the same again.")
