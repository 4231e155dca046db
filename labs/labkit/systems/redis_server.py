"""What a Redis, its Sentinel and its Cluster share: the one program, the arguments for its place, and a client's manners."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from labkit.substrates.program import Place, Program

__all__ = ["arguments", "from_here", "manners", "redis_server"]


def redis_server(name: str, oldest: tuple[int, ...], command: Callable[[Place], Sequence[str]], **more: Any) -> Program:
    """The program, which tells its clients where it is; ``more`` as :class:`~labkit.substrates.program.Program` has it."""
    return Program(name, "redis:7.2.16-bookworm", "redis-server", 6379,
                   version=("--version",), oldest=oldest, debian="redis-server", brew="redis",
                   command=command, advertises=True, **more)


def arguments(place: Place) -> list[str]:
    """The command, up to where it listens and writes."""
    protected = "yes" if place.host == "127.0.0.1" else "no"  # on its lab's own network, others may connect
    return ["redis-server", "--bind", place.host, "--port", str(place.port), "--dir", place.folder, "--protected-mode", protected]


def manners() -> Mapping[str, Any]:
    """Settings of a client: text instead of bytes, two seconds of patience; redis-py's ten retries are off: labs count calls."""
    from redis.backoff import NoBackoff
    from redis.retry import Retry

    return {"decode_responses": True, "socket_timeout": 2.0, "socket_connect_timeout": 2.0, "retry": Retry(NoBackoff(), 0)}


def from_here(address: tuple[str, int]) -> tuple[str, int]:
    """Where this machine finds the member that the lab's network knows by ``address``: the port is the same."""
    return "127.0.0.1", address[1]
