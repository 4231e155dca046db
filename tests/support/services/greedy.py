"""A service that is well, and takes more memory than its container may have when it is asked to."""

from __future__ import annotations

from fastapi import Response

from tests.support.services.tiny import app

__all__ = ["app"]

hoard: list[bytearray] = []


@app.get("/take/{mebibytes}")
async def take(mebibytes: int) -> Response:
    """Take so much, touched page by page, so that it is really used."""
    for _ in range(mebibytes):
        hoard.append(bytearray(b"x" * (1 << 20)))
    return Response("taken")
