"""Keeps what is posted to it, as whoever is told of alerts would."""

from __future__ import annotations

from typing import Any

from fastapi import FastAPI, Request, Response

app = FastAPI()
_received: list[Any] = []


@app.get("/health")
async def health() -> Response:
    return Response("ok")


@app.get("/metrics")
async def metrics() -> Response:
    return Response(f"webhook_messages_total {len(_received)}\n", media_type="text/plain")


@app.post("/alerts")
async def take(request: Request) -> Response:
    _received.append(await request.json())
    return Response("kept")


@app.get("/received")
async def received() -> list[Any]:
    return _received
