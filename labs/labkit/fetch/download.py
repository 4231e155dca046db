"""One file over HTTP: pinned by its hash, resumed where it broke off, tried again where that may help."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias
from urllib.parse import urlsplit

import httpx

from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet, CutOff, NotReached
from labkit.language import Text

__all__ = ["Pinned", "check", "download"]

_PAUSES = (0.5, 1.0, 2.0, 4.0)  # seconds before another try; each try that brings something begins them anew
_AGAIN = {429, 500, 502, 503, 504}
_Pause: TypeAlias = Callable[[float], object]
_WRONG = Text("{file} from {host} is not the one that is pinned (its sha256 differs), so it was thrown away. Try again; if it "
              "stays so, {host} gives something else.",
              "{host} 給的 {file} 與鎖定的不同（sha256 不符），已經丟棄。請再試一次；若仍然如此，就是 {host} 給了別的東西。")
_CUT = Text("The download of {file} from {host} broke off after {done} of {all} MB ({why}). What came is kept: the same command "
            "goes on from there.",
            "從 {host} 下載 {file} 時中斷，收到 {done} MB，共 {all} MB（{why}）。收到的部分會保留：再執行同一個指令就會繼續。")
_UNREACHED = Text("{host} cannot be reached ({why}). Connect to the network (behind a proxy, set HTTPS_PROXY), then try again.",
                  "連不上 {host}（{why}）。請連上網路（在代理伺服器後方請設定 HTTPS_PROXY），然後再試一次。")
_UNTRUSTED = Text("{host} shows a certificate that is not known here, as behind a company's proxy. Name the file of its authority, "
                  "SSL_CERT_FILE=/path/to/ca.pem, then try again.",
                  "{host} 出示了這裡不認得的憑證，例如在公司的代理伺服器後方。請用 SSL_CERT_FILE=/path/to/ca.pem "
                  "指定其憑證機構的檔案，再試一次。")
_REFUSED = Text("{host} does not give {file} (HTTP status {status}). If it is a mirror, it has to have this file.",
                "{host} 沒有給 {file}（HTTP 狀態碼 {status}）。如果那是鏡像站，它必須有這個檔案。")


@dataclass(frozen=True)
class Pinned:
    """A file that is known before it comes."""

    url: str
    sha256: str
    size: int

    @property
    def file(self) -> str:
        """Its name."""
        return urlsplit(self.url).path.rpartition("/")[2]

    @property
    def host(self) -> str:
        """Who gives it."""
        return urlsplit(self.url).netloc.rpartition("@")[2]


def download(client: httpx.Client, pinned: Pinned, into: Path, report: Report, pause: _Pause = time.sleep) -> None:
    """Have the file at ``into``: it is the pinned one, or it is not there.

    :class:`CutOff`, :class:`NotReached` or :class:`CannotGet` when it cannot be had. What has come so far lies beside it.
    ``pause`` waits, and may raise to have it all end.
    """
    if into.exists():  # from a set of which another file broke off
        if _digest(into) == pinned.sha256:
            report.had(pinned.size)
            return
        into.unlink()
    part = into.with_name(into.name + ".part")
    resumed = _size(part)
    report.had(resumed)
    _all_of(client, pinned, part, report, pause)
    if _digest(part) != pinned.sha256:
        other = _other_file(pinned, part, report)
        if not resumed:
            raise other
        download(client, pinned, into, report, pause)  # its beginning was of another file
        return
    part.rename(into)


def check(path: Path, sha256: str, giver: str) -> None:
    """Throw a file away that is not the pinned one, whoever gave it. :class:`CannotGet`."""
    if _digest(path) != sha256:
        path.unlink()
        raise CannotGet(_WRONG.format(file=path.name, host=giver))


def _all_of(client: httpx.Client, pinned: Pinned, part: Path, report: Report, pause: _Pause) -> None:
    """Try until it has as many bytes as it should, or too many tries in a row brought none."""
    pauses = iter(_PAUSES)
    while (had := _size(part)) < pinned.size:
        try:
            _some_of(client, pinned, part, report)
            why = Text("the server ended it", "伺服器結束了傳輸")
        except httpx.HTTPError as error:
            if "CERTIFICATE_VERIFY_FAILED" in str(error):
                raise NotReached(_UNTRUSTED.format(host=pinned.host)) from None
            why = Text(*[str(error) or type(error).__name__] * 2)
        pauses = iter(_PAUSES) if _size(part) > had else pauses
        if _size(part) < pinned.size:
            seconds = next(pauses, None)
            if seconds is None:
                raise _gave_up(pinned, _size(part), why)
            pause(seconds)


def _some_of(client: httpx.Client, pinned: Pinned, part: Path, report: Report) -> None:
    """Append what one answer brings."""
    had = _size(part)
    with client.stream("GET", pinned.url, headers=_from(had)) as answer:
        if answer.status_code in _AGAIN:
            raise httpx.HTTPStatusError(f"HTTP {answer.status_code}", request=answer.request, response=answer)
        if answer.status_code == 416 and had:  # its file ends before the pinned one does
            raise _other_file(pinned, part, report)
        if answer.status_code not in (200, 206):
            raise NotReached(_REFUSED.format(host=pinned.host, file=pinned.file, status=answer.status_code))
        if had and answer.status_code == 200:  # it cannot go on in the middle
            report.had(-had)
            had = 0
        with part.open("ab" if had else "wb") as file:
            for chunk in answer.iter_raw():
                file.write(chunk)
                report.came(len(chunk))
                had += len(chunk)
                if had > pinned.size:  # it never ends, or is another file: the digest says so
                    break


def _from(had: int) -> dict[str, str]:
    """Ask for the rest alone, and for the bytes as they are."""
    return {"Accept-Encoding": "identity", **({"Range": f"bytes={had}-"} if had else {})}


def _other_file(pinned: Pinned, part: Path, report: Report) -> CannotGet:
    """Throw it away."""
    report.came(-_size(part))
    part.unlink()
    return CannotGet(_WRONG.format(file=pinned.file, host=pinned.host))


def _gave_up(pinned: Pinned, size: int, why: Text) -> CannotGet:
    if not size:
        return NotReached(_UNREACHED.format(host=pinned.host, why=why))
    done, whole = (f"{number / 1e6:.1f}" for number in (size, pinned.size))
    return CutOff(_CUT.format(file=pinned.file, host=pinned.host, why=why, done=done, all=whole))


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
