"""An http URL taken apart, for those who open the socket themselves."""

from __future__ import annotations

from urllib.parse import urlsplit

__all__ = ["Address"]


class Address:
    """``peer`` to connect to, ``host`` for the Host header, ``target`` for the request line."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        name = parts.hostname or ""
        self.peer = ("127.0.0.1" if name == "localhost" else name, parts.port or 80)
        self.host = parts.netloc
        self.target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
