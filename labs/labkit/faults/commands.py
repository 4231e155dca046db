"""The proxy's end of the control channel: one JSON object a line, each answered by one.

::

    {"id": 1, "op": "route", "name": "stock", "upstreams": ["127.0.0.1:4001"]}
    {"id": 1, "ok": {"port": 40001}}
    {"id": 2, "op": "unroute", "name": "stick"}
    {"id": 2, "error": {"en": ..., "zh": ...}}

The kernel's end is :class:`~labkit.faults.control.ProxyControl`.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from labkit.faults.catalogue import build
from labkit.faults.fault import FaultError, require, unknown
from labkit.language import Text

if TYPE_CHECKING:
    from labkit.faults.proxy import Proxy

__all__ = ["Commands"]

_CANNOT = Text("The fault proxy cannot do this: {problem!r}.", "故障代理無法執行：{problem!r}。")


class Commands:
    """Does what the lines of a control channel ask of ``proxy``."""

    def __init__(self, proxy: Proxy) -> None:
        self._proxy = proxy

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer line by line until the other end is gone."""
        try:
            async for line in reader:
                writer.write(json.dumps(await self.answer(line)).encode() + b"\n")
                await writer.drain()
        except ConnectionError:
            return  # the kernel was killed in mid-command: the same as an end

    async def answer(self, line: bytes) -> dict[str, Any]:
        """Do one command; a mistake in it becomes a sentence, the proxy goes on."""
        number = None
        try:
            command = json.loads(line)
            number = command.pop("id")
            return {"id": number, "ok": await self._do(**command)}
        except FaultError as refusal:
            text = refusal.text
        except Exception as problem:  # whatever it was, the links of the lab must not go down with it
            text = _CANNOT.format(problem=problem)
        return {"id": number, "error": {"en": text.en, "zh": text.zh}}

    async def _do(self, op: str, **arguments: Any) -> dict[str, Any]:
        operations: dict[str, Callable[..., Awaitable[dict[str, Any]]]] = {
            "route": self._route, "upstreams": self._upstreams, "unroute": self._unroute,
            "fault": self._fault, "lift": self._lift, "stats": self._stats}
        require(op in operations, unknown(Text("command", "指令"), op, operations))
        return await operations[op](**arguments)

    async def _route(self, name: str, upstreams: list[str]) -> dict[str, Any]:
        return {"port": await self._proxy.route(name, upstreams)}

    async def _upstreams(self, name: str, upstreams: list[str]) -> dict[str, Any]:
        self._proxy.upstreams(name, upstreams)
        return {}

    async def _unroute(self, name: str) -> dict[str, Any]:
        self._proxy.unroute(name)
        return {}

    async def _fault(self, fault: str, settings: dict[str, Any], route: str | None = None, upstream: str | None = None,
                     seconds: float | None = None) -> dict[str, Any]:
        return {"fault": self._proxy.inject(build(fault, settings), route, upstream, seconds)}

    async def _lift(self, fault: int) -> dict[str, Any]:
        return {"lifted": self._proxy.lift(fault)}

    async def _stats(self) -> dict[str, Any]:
        return self._proxy.stats()
