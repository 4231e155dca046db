"""A service that starts and then never answers."""

from __future__ import annotations

import asyncio

from fastapi import FastAPI, Response

app = FastAPI()
print("listening, but in no mood to answer", flush=True)


@app.get("/health")
async def health() -> Response:
    await asyncio.sleep(120)
    return Response("at last")
