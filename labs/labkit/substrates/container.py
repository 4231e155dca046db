"""What runs inside a lab's containers: one service, or the fault proxy of the lab's network.

    python -m labkit.substrates.container serve mini_services.shop.stock:app
    python -m labkit.substrates.container proxy

Both listen on every address of the container. It has one, on the lab's private network; what this machine may reach
of it is published on 127.0.0.1 by the engine.
"""

from __future__ import annotations

import socket
import sys

__all__ = ["CONTROL_PORT", "SERVICE_PORT"]

SERVICE_PORT, CONTROL_PORT = 8000, 8001
_EVERYWHERE = "0.0.0.0"


def _serve(app: str) -> None:
    from labkit.substrates.serve import main

    with socket.create_server((_EVERYWHERE, SERVICE_PORT), backlog=2048) as listener:
        main([listener.fileno()], app)


def _proxy() -> None:
    """Serve the first caller of the control port, which is the lab; when that is gone, so are all faults."""
    from labkit.faults.proxy import main

    with socket.create_server((_EVERYWHERE, CONTROL_PORT), backlog=1) as listener:
        control, _ = listener.accept()
    main([control.detach()], host=_EVERYWHERE)


if __name__ == "__main__":
    {"serve": _serve, "proxy": _proxy}[sys.argv[1]](*sys.argv[2:])
