"""Loopback ports: taken before a service starts, and asked whether it is well."""

from __future__ import annotations

import http.client
import socket

from labkit.language import Text

__all__ = ["CONTROL_PORT", "SERVICE_PORT", "free_port", "healthy", "hold", "listen"]

SERVICE_PORT, CONTROL_PORT = 8000, 8001  # inside a container, where nothing else listens


def listen(port: int, name: str) -> socket.socket:
    """A socket that listens on ``port`` of the loopback (0: a free one); a sentence when that cannot be."""
    listener = socket.socket()
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(("127.0.0.1", port))
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise OSError(error.errno, str(Text(
            "Port {port} for {name} is taken or not allowed ({cause}). Leave the port out, and a free one is chosen.",
            "{name} 要用的連接埠 {port} 已被占用或不可使用（{cause}）。不指定連接埠，就會自動選一個空的。"
        ).format(port=port, name=name, cause=error.strerror))) from None
    return listener


def hold() -> socket.socket:
    """A free port, kept until this socket is closed for a program that binds it itself.

    It is bound and does not listen, and may be used again (``SO_REUSEADDR``): a server, which asks for that as servers do,
    gets it; who asks for any free port does not, nor does a call going out.
    """
    holder = socket.socket()
    holder.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    holder.bind(("127.0.0.1", 0))
    return holder


def free_port() -> int:
    """A port that nobody has now; another may still come first."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def healthy(port: int, seconds: float) -> bool:
    """Whether ``/health`` is answered with 200 within ``seconds``."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=max(seconds, 0.01))
    try:
        connection.request("GET", "/health")
        return connection.getresponse().status == 200
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()
