"""A healthy service in one page: it answers, blocks a thread of its pool on request, and tells of its pool."""

from __future__ import annotations

import json
import os
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import anyio.to_thread
from fastapi import FastAPI, Response

NAME = os.environ.get("INSTANCE", "tiny")


@asynccontextmanager
async def _pool(app: FastAPI) -> AsyncIterator[None]:
    anyio.to_thread.current_default_thread_limiter().total_tokens = int(os.environ.get("THREADS", "40"))
    app.state.start = secrets.token_hex(4)
    log("started")
    yield
    log("stopped")


app = FastAPI(lifespan=_pool)


def log(event: str, **fields: object) -> None:
    """One JSON line, as the shop writes them."""
    print(json.dumps({"at": time.monotonic(), "instance": NAME, "event": event, **fields}), flush=True)


@app.get("/health")
async def health() -> Response:
    return Response("ok")


@app.get("/ping")
async def ping() -> Response:
    return Response("pong")


@app.get("/who")
async def who() -> dict[str, int | str]:
    return {"pid": os.getpid(), "instance": NAME, "start": app.state.start}


@app.get("/environment/{name}")
async def environment(name: str) -> str | None:
    return os.environ.get(name)


@app.get("/say/{event}")
async def say(event: str) -> Response:
    log(event)
    return Response("said")


@app.get("/half-a-line")
async def half_a_line() -> Response:
    """Write what is left in a log when a process is killed in the middle of a line."""
    print('{"event": "cut o', flush=True)
    return Response("written")


@app.get("/through/{callee}/{path:path}")
def through(callee: str, path: str) -> Response:
    """Ask a callee, at the address that the settings give."""
    import httpx  # late: this service is also what the bench starts by the dozen

    answer = httpx.get(os.environ[f"{callee.upper()}_URL"] + "/" + path, timeout=5.0)
    return Response(answer.content, status_code=answer.status_code, media_type=answer.headers["content-type"])


@app.get("/slow")
def slow(seconds: float = 1.0) -> Response:
    """Hold one thread of the pool."""
    time.sleep(seconds)
    return Response("done")


@app.get("/work")
async def work(rounds: int = 300_000) -> Response:
    """Keep a processor busy for a while that depends on how much of one there is."""
    return Response(str(sum(range(rounds))))


@app.get("/metrics")
async def metrics() -> Response:
    limiter = anyio.to_thread.current_default_thread_limiter()
    waiting = limiter.statistics().tasks_waiting
    return Response(f"pool_threads_busy {limiter.borrowed_tokens}\npool_threads_total {limiter.total_tokens}\n"
                    f"pool_tasks_waiting {waiting}\n", media_type="text/plain")
