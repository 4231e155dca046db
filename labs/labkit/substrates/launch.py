"""Run one function of one module in this process: how every helper process of a lab begins.

    python -m labkit.substrates.launch MODULE:FUNCTION '{"keyword": "argument"}' FD FD ...

The function is called as ``function(fds, **keywords)``, where ``fds`` are the open file descriptors (sockets) that it
was handed. The template process calls :func:`call` after a fork; where fork is not safe, this file is run anew.
"""

from __future__ import annotations

import importlib
import json
import os
import sys
from typing import Any

__all__ = ["call"]


def call(target: str, fds: list[int], keywords: dict[str, Any]) -> None:
    """Import ``target`` ("module:function") and call it with its descriptors and keywords.

    What it starts itself does not inherit the descriptors: a daemon would keep a dead service's port listening.
    """
    for fd in fds:
        os.set_inheritable(fd, False)
    module, _, function = target.partition(":")
    getattr(importlib.import_module(module), function)(fds, **keywords)


if __name__ == "__main__":
    call(sys.argv[1], [int(fd) for fd in sys.argv[3:]], json.loads(sys.argv[2]))
