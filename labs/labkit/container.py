"""What runs inside a lab's containers: one service, the fault proxy of the lab's network, or a door into that.

    python -m labkit.container serve mini_services.shop.stock:app
    python -m labkit.container proxy
    python -m labkit.container door 172.18.255.254:8080

All listen on every address of the container. It has one, on the lab's private network; what this machine may reach
of it is published on 127.0.0.1 by the engine.
"""

from __future__ import annotations

import asyncio
import gc
import socket
import sys

from labkit.substrates.ports import CONTROL_PORT, SERVICE_PORT

__all__: list[str] = []

_EVERYWHERE = "0.0.0.0"


def _serve(app: str) -> None:
    """Listen first: whoever asks while all is being imported waits for the answer, and need not ask again and again."""
    with socket.create_server((_EVERYWHERE, SERVICE_PORT), backlog=2048) as listener:
        gc.disable()  # main() has it back
        from labkit.substrates.serve import main

        main([listener.fileno()], app)


def _proxy() -> None:
    """Serve the first caller of the control port, which is the lab; when that is gone, so are all faults."""
    from labkit.faults.proxy import main

    with socket.create_server((_EVERYWHERE, CONTROL_PORT), backlog=1) as listener:
        control, _ = listener.accept()
    main([control.detach()], host=_EVERYWHERE)


def _door(target: str) -> None:
    """Pass what comes on to an address of the network that is no container's own, so that the engine publishes none for it."""
    from labkit.substrates.relay import relay

    async def make() -> socket.socket:
        return socket.socket()

    with socket.create_server((_EVERYWHERE, SERVICE_PORT), backlog=2048) as listener:
        asyncio.run(relay(listener, target, make))


if __name__ == "__main__":
    if sys.argv[1] == "serve":
        _serve(sys.argv[2])
    elif sys.argv[1] == "door":
        _door(sys.argv[2])
    else:
        _proxy()
