"""What the idle fault proxy costs one service, beside Toxiproxy, both measured in turn on the same service."""

from __future__ import annotations

import socket
import statistics
from collections.abc import Iterator
from contextlib import ExitStack

from labkit.faults.control import ProxyControl
from labkit.load.drive import drive
from labkit.load.plan import LoadPlan, Stream
from labkit.measure.run import Run
from labkit.substrates.process import ProcessSubstrate
from tests.bench import toxiproxy
from tests.bench.line import Line, Missing

__all__ = ["lines"]

USERS, SECONDS = 16, 2.0
TIMES = 5


def lines() -> Iterator[Line | Missing]:
    """Answers a second through a proxy that does nothing, as shares of those without one."""
    substrate = ProcessSubstrate(["labkit.load.engine", "labkit.faults.proxy", "uvicorn", "fastapi"])
    with ExitStack() as ends:
        ends.callback(substrate.close)
        port = _service(substrate)
        ways = [port, _through(substrate, port, ends)]
        missing = None
        try:
            ways.append(ends.enter_context(toxiproxy.route(port)))
        except toxiproxy.NotHere as why:
            missing = Missing("idle_proxy_toxiproxy", str(why))
        rounds = [[_throughput(substrate, way) for way in ways] for _ in range(TIMES)]
    bare, ours, *theirs = map(statistics.median, zip(*rounds, strict=True))
    yield Line("idle_proxy", f"answers a second through the idle fault proxy ÷ without it ({ours:.0f} / {bare:.0f})",
               _share(rounds, 1, 0), 0.7, True)
    yield missing or Line("idle_proxy_toxiproxy", f"the same ÷ those through Toxiproxy ({ours:.0f} / {theirs[0]:.0f}, which is "
                          f"{_share(rounds, 2, 0):.2f} of those without a proxy)", _share(rounds, 1, 2), 0.8, True)


def _share(rounds: list[list[float]], of: int, by: int) -> float:
    """The median of the ratios, each of one round: what else the machine does hits both sides of it."""
    return statistics.median(each[of] / each[by] for each in rounds)


def _service(substrate: ProcessSubstrate) -> int:
    with socket.create_server(("127.0.0.1", 0), backlog=1024) as listener:
        substrate.launch("labkit.substrates.serve:main", {"app": "tests.support.services.tiny:app"}, [listener.fileno()],
                         name="tiny")
        return int(listener.getsockname()[1])


def _through(substrate: ProcessSubstrate, port: int, ends: ExitStack) -> int:
    here, there = socket.socketpair()
    with there:
        substrate.launch("labkit.faults.proxy:main", {}, [there.fileno()], name="proxy")
    control = ProxyControl(here)
    ends.callback(control.close)
    return control.route("bench", [f"127.0.0.1:{port}"])


def _throughput(substrate: ProcessSubstrate, port: int) -> float:
    stream = Stream("GET /health", f"http://127.0.0.1:{port}/health", arrivals="closed", users=USERS, timeout=5.0)
    result = drive(LoadPlan([stream], SECONDS),
                   lambda target, keywords, fds: substrate.launch(target, keywords, fds, name="load"))
    return float(Run(result, timeout={stream.name: stream.timeout})[stream.name].goodput)
