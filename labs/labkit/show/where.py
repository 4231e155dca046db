"""Where output goes: to a notebook that someone looks at, to a terminal, or to a record that nobody watches."""

from __future__ import annotations

import os
import sys
from typing import Literal

__all__ = ["stage"]


def stage() -> Literal["notebook", "terminal", "record"]:
    """A notebook with a live kernel, a terminal, or neither of them. In CI (``CI`` is set) nobody watches."""
    if os.environ.get("CI"):
        return "record"
    if _has_kernel():
        return "notebook"
    return "terminal" if sys.stderr is not None and sys.stderr.isatty() else "record"


def _has_kernel() -> bool:
    """Whether this process is a notebook's kernel. IPython is asked only where it is already running."""
    ipython = sys.modules.get("IPython")
    shell = ipython.get_ipython() if ipython is not None else None
    return shell is not None and getattr(shell, "kernel", None) is not None
