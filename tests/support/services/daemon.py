"""A service that starts a daemon by the book: two forks and a session of its own, so that nothing ties it to us.

The daemon keeps every descriptor open that it may, as careless ones do.
"""

from __future__ import annotations

import os

from tests.support.services.tiny import app


def _daemonise() -> int:
    reader, writer = os.pipe()
    first = os.fork()
    if first == 0:
        os.setsid()
        second = os.fork()
        if second == 0:
            os.execvp("sleep", ["sleep", "120"])
        os.write(writer, str(second).encode())
        os._exit(0)
    os.waitpid(first, 0)
    os.close(writer)
    with os.fdopen(reader) as answer:
        return int(answer.read())


_daemon = _daemonise()


@app.get("/child")
async def child() -> int:
    return _daemon
