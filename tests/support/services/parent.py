"""A service with a child process of its own, in its own session's group: ``/child`` tells its pid."""

from __future__ import annotations

import subprocess

from tests.support.services.tiny import app

_child = subprocess.Popen(["sleep", "120"])


@app.get("/child")
async def child() -> int:
    return _child.pid
