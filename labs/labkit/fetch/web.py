"""The HTTP client that fetches: it trusts what this machine trusts, and goes by the proxies of the environment."""

from __future__ import annotations

import os
import ssl

import certifi
import httpx

__all__ = ["client"]

_SECONDS = 30.0  # without a byte, and the connection is given up


def client() -> httpx.Client:
    """To be closed by its caller. Authorities: the system's, those of certifi, and that of ``PIP_CERT`` if it is set."""
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())
    if own := os.environ.get("PIP_CERT"):
        trusted.load_verify_locations(own)
    return httpx.Client(verify=trusted, follow_redirects=True, timeout=_SECONDS)
