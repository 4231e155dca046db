"""A service that answers, but never that it is well."""

from __future__ import annotations

from fastapi import FastAPI, Response

app = FastAPI()
print("not feeling well", flush=True)


@app.get("/health")
async def health() -> Response:
    return Response("not yet", status_code=503)
