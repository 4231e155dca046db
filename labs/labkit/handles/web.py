"""Single requests from the notebook: one connection each, never through a proxy of the environment."""

from __future__ import annotations

from functools import cache
from typing import Any

import httpx

__all__ = ["request"]


def request(method: str, url: str, timeout: float, **options: Any) -> httpx.Response:
    """Send one request to a service of the lab and return its answer; ``timeout`` in seconds."""
    return _client().request(method, url, timeout=timeout, **options)


@cache
def _client() -> httpx.Client:
    """Made once: a TLS context, which a loopback address never needs, takes forty milliseconds to make."""
    return httpx.Client(verify=False, trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))
