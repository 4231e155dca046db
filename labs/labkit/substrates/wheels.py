"""Fetch the packages of a lock once, as wheels for another Python and another processor than those at work here.

An image is built from these without a network, so it comes out the same in a classroom without internet.
"""

from __future__ import annotations

import hashlib
import os
import subprocess
import sys
from collections import deque
from collections.abc import Callable
from pathlib import Path

from labkit.language import Text
from labkit.substrates.cache import cache_folder
from labkit.substrates.image_trouble import DISK_FULL, CannotBuild

__all__ = ["fetch", "folder"]

_GLIBC = (41, 36, 35, 34, 31, 28, 27, 24, 17, 12, 5)  # the minor versions that wheels name, newest first

_ALONE = Text("No package index was reached. Connect to the network (behind a proxy, set HTTPS_PROXY), or unpack the bundle for "
              "rooms without internet (environments/airgap unpack FILE), then run the cell again.",
              "連不上套件索引。請連上網路（在代理伺服器後方請設定 HTTPS_PROXY），或解開給無網路教室用的離線包"
              "（environments/airgap unpack FILE），再執行一次這個儲存格。")
_SIGNS = {  # what pip prints, and what it means; the first that is found counts
    "No space left on device": DISK_FULL,
    "THESE PACKAGES DO NOT MATCH THE HASHES": Text(
        "A package is not the one that was locked, so it was not taken. Run the cell again; if it stays so, the index serves "
        "something else.", "有一個套件與鎖定的不同，因此沒有採用。請再執行一次這個儲存格；若仍然如此，就是套件索引給了別的東西。"),
    "CERTIFICATE_VERIFY_FAILED": Text(
        "The package index shows a certificate that is not known here, as behind a company's proxy. Name the file of its "
        "authority, PIP_CERT=/path/to/ca.pem, start Jupyter again and run the cell again.",
        "套件索引出示了這裡不認得的憑證，例如在公司的代理伺服器後方。請用 PIP_CERT=/path/to/ca.pem 指定其憑證機構的檔案，"
        "重新啟動 Jupyter，再執行一次這個儲存格。"),
    "No module named pip": Text("This Python has no pip. Add it with “{python} -m ensurepip”, then run the cell again.",
                                "這個 Python 沒有 pip。請以「{python} -m ensurepip」加入，再執行一次這個儲存格。"),
    "connection broken by": _ALONE,
    "Failed to establish a new connection": _ALONE,
    "Temporary failure in name resolution": _ALONE,
    "No matching distribution found": _ALONE,
}


def folder(lock: Path, python: str, processor: str) -> Path:
    """Where the wheels of ``lock`` are kept for a Python ("3.13") and a processor ("x86_64")."""
    digest = hashlib.sha256(lock.read_bytes()).hexdigest()[:16]
    return cache_folder() / "wheels" / f"{lock.stem}-{digest}-{python}-{processor}"


def fetch(lock: Path, python: str, processor: str, doing: Callable[[int, int], None]) -> Path:
    """The folder with all wheels of ``lock``; ``doing(fetched, of)`` is called as they come. :class:`CannotBuild`.

    What an interrupted fetch left is used again; the hashes of the lock are required either way.
    """
    kept = folder(lock, python, processor)
    if not (kept / ".whole").exists():
        kept.mkdir(parents=True, exist_ok=True)
        _download(lock, python, processor, kept, doing)
        (kept / ".whole").touch()
    return kept


def _download(lock: Path, python: str, processor: str, into: Path, doing: Callable[[int, int], None]) -> None:
    total = sum(line[:1].isalpha() for line in lock.read_text("utf-8").splitlines())
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "download", "--progress-bar=off",
               "--no-deps", "--require-hashes", f"--requirement={lock}", f"--dest={into}", *_tags(python, processor)]
    environment = {name: value for name, value in os.environ.items() if name not in ("PIP_TARGET", "PIP_PREFIX")}
    last: deque[str] = deque(maxlen=40)
    fetched = 0
    with subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                          errors="replace", env={**environment, "PYTHONUNBUFFERED": "1"}) as pip:
        for line in pip.stdout or ():
            last.append(line)
            fetched += line.startswith("Collecting ")
            doing(fetched, total)
    if pip.returncode:
        raise _explained("".join(last))


def _tags(python: str, processor: str) -> list[str]:
    """What pip may take: wheels for that Python on Linux with glibc, and such as run anywhere."""
    short = python.replace(".", "")
    platforms = [f"manylinux_2_{minor}_{processor}" for minor in _GLIBC]
    platforms += [f"manylinux{year}_{processor}" for year in ("2014", "2010", "1")]
    return ["--only-binary=:all:", "--implementation=cp", f"--python-version={python}", f"--abi=cp{short}", "--abi=abi3",
            "--abi=none", *(f"--platform={platform}" for platform in platforms)]


def _explained(output: str) -> CannotBuild:
    meaning = next((meaning for sign, meaning in _SIGNS.items() if sign in output),
                   Text("pip could not fetch the packages of the image for services.", "pip 無法取得服務鏡像所需的套件。"))
    return CannotBuild(meaning.format(python=sys.executable), "\n".join(output.splitlines()[-6:]))
