"""What each claim measured when it was last judged: one JSON file a claim, which the site and ``labkit claims`` read.

``_build/claims`` of this checkout holds them, or ``LABKIT_RECORDS``. A record carries the digest of its lab's code, so
that one can tell whether the lab has changed since.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import tempfile
from pathlib import Path
from typing import Any

from labkit.check.claims import book_root
from labkit.check.record_shape import VERSION, misfit
from labkit.language import Text

__all__ = ["RecordError", "code_digest", "folder", "judged_in", "lab_of", "notebooks", "read", "write"]

_JUDGED = re.compile(r"""^[^#\n]*\.claim\(\s*["']([\w.-]+)["']""", re.MULTILINE)
_NOT_KEPT = Text("The record of claim {id} could not be written to {folder}: {why}. The verdict stands; only the list "
                 "of claims does not know of it. Make the folder writable, or name another by LABKIT_RECORDS.",
                 "主張 {id} 的記錄無法寫入 {folder}：{why}。判定不受影響，只是主張列表不會知道這次結果。"
                 "請讓這個資料夾可以寫入，或用 LABKIT_RECORDS 指定另一個。")
_UNUSABLE = Text("{file} proves nothing: {why}. Run the claim's lab again, which writes it anew.",
                 "{file} 不能證明什麼：{why}。請再執行一次這個主張的實驗，它會重新寫一份。")
_NO_JSON = Text("it is cut short, or no JSON", "它不完整，或不是 JSON")


class RecordError(ValueError):
    """A record is there and cannot be believed; ``said`` names the file, why, and what to do."""

    def __init__(self, path: Path, why: Text) -> None:
        self.said = _UNUSABLE.format(file=path, why=why)
        super().__init__(str(self.said))


def folder() -> Path:
    """``LABKIT_RECORDS``, else ``_build/claims`` of this checkout."""
    return Path(os.environ.get("LABKIT_RECORDS") or book_root() / "_build" / "claims")


def notebooks() -> Path:
    """Where the labs are: ``LABKIT_NOTEBOOKS``, else ``labs`` of this checkout."""
    return Path(os.environ.get("LABKIT_NOTEBOOKS") or book_root() / "labs")


def write(claim_id: str, record: dict[str, Any]) -> Text | None:
    """Keep a record, whole or not at all. None, or a warning where it could not be kept: a lab never fails by that."""
    try:
        text = json.dumps({"version": VERSION, **record}, ensure_ascii=False, indent=1, allow_nan=False)
        _write(folder() / f"{claim_id}.json", f"{text}\n")
    except OSError as error:
        return _NOT_KEPT.format(id=claim_id, folder=folder(), why=error.strerror or error)
    return None


def read(claim_id: str, among: Path | None = None) -> dict[str, Any] | None:
    """The record of a claim, in ``among`` or else in ``folder()``; None where there is none.

    `RecordError` where there is one that cannot be believed: cut short, of another version, misshapen.
    """
    path = (among or folder()) / f"{claim_id}.json"
    try:
        record = json.loads(path.read_text("utf-8"))
    except FileNotFoundError:
        return None
    except OSError as error:
        raise RecordError(path, Text(str(error.strerror), str(error.strerror))) from error
    except ValueError as error:
        raise RecordError(path, _NO_JSON) from error
    if why := misfit(record, claim_id):
        raise RecordError(path, why)
    return dict(record)


def judged_in(lab: Path) -> list[str]:
    """The ids of the claims that a notebook judges, by ``lab.claim("id", ...)`` in its code."""
    return [claim for source in _code(lab) for claim in _JUDGED.findall(source)]


def lab_of(claim_id: str) -> str | None:
    """The notebook that judges a claim, without its ending; None where none does."""
    return next((lab.stem for lab in sorted(notebooks().glob("*.ipynb")) if claim_id in judged_in(lab)), None)


def code_digest(lab_name: str | None, among: Path | None = None) -> str | None:
    """A digest of the code of ``labs/<lab_name>.ipynb``, whatever its prose and its outputs; None without a lab.

    The lab is looked for in ``among``, or else in ``notebooks()``.
    """
    if lab_name is None:
        return None
    source = _code((among or notebooks()) / f"{Path(lab_name).name}.ipynb")
    return hashlib.sha256("\0".join(source).encode()).hexdigest()[:16] if source else None


def _code(lab: Path) -> list[str]:
    try:
        cells = json.loads(lab.read_text("utf-8"))["cells"]
        return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return []


def _write(path: Path, text: str) -> None:
    """Replace the file in one step: who reads meanwhile sees the old record or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, path)
    except BaseException:
        Path(draft).unlink(missing_ok=True)
        raise
