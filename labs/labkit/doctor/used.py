"""Which real systems the labs of this checkout start: a machine without the others can run every lab."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from pathlib import Path

__all__ = ["used_systems"]

_LABS = Path(__file__).resolve().parents[2]
_STARTS = re.compile(r"""\.system\(\s*["']([\w-]+)["']""")


def used_systems(labs: Path = _LABS) -> Collection[str]:
    """The names that their cells give to ``lab.system``; a file that is no notebook says nothing."""
    return {name for lab in labs.glob("*.ipynb") for name in _STARTS.findall(_code(lab))}


def _code(lab: Path) -> str:
    try:
        cells = json.loads(lab.read_text("utf-8"))["cells"]
        return "\n".join("".join(cell["source"]) for cell in cells if cell["cell_type"] == "code")
    except (OSError, ValueError, LookupError, TypeError):
        return ""
