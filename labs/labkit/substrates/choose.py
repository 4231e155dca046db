"""Which substrate a lab gets: what it asks for, else containers where a Docker engine answers, else local processes."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence

from labkit.language import Text
from labkit.substrates.process import ProcessSubstrate
from labkit.substrates.substrate import Substrate

__all__ = ["SUBSTRATES", "choose", "ready"]

SUBSTRATES = ("docker", "process")


def choose(name: str | None, preload: Sequence[str], say: Callable[[Text], None]) -> tuple[Substrate, Text]:
    """The substrate, ready, and one line that says why. ``name`` wins, then ``LABKIT_SUBSTRATE``, then what is there.

    ``say`` hears what is being done when it takes a while.
    """
    wanted = name or os.environ.get("LABKIT_SUBSTRATE") or None
    if wanted not in (None, *SUBSTRATES):
        raise ValueError(str(Text("There is no substrate “{name}”; there is: {known}.",
                                  "沒有名為「{name}」的執行環境；現有的是：{known}。"
                                  ).format(name=wanted, known=", ".join(SUBSTRATES))))
    reason = (Text("as this lab asks", "這個實驗指定") if name else
              Text("as LABKIT_SUBSTRATE says", "由 LABKIT_SUBSTRATE 指定"))
    if wanted == "process":
        return _process(preload, reason)
    if wanted == "docker":
        return _docker(reason, say)
    from labkit.substrates.find_engine import NoEngine

    try:
        return _docker(None, say)
    except NoEngine as none:
        return _process(preload, none.text)


def _docker(reason: Text | None, say: Callable[[Text], None]) -> tuple[Substrate, Text]:
    """Containers; :class:`~labkit.substrates.find_engine.NoEngine` when no engine can run them."""
    from labkit.substrates.docker import DockerSubstrate  # docker-py takes a fifth of a second to load
    from labkit.substrates.find_engine import engine_address, engine_version

    address = engine_address()
    version = engine_version(address)
    why = reason or Text("its engine, version {version}, answers", "它的引擎（{version} 版）有回應").format(version=version)
    substrate = DockerSubstrate(address, say)
    return ready(substrate), Text("Services run as Docker containers: {reason}.", "服務以 Docker 容器執行：{reason}。"
                                   ).format(reason=why)


def _process(preload: Sequence[str], reason: Text) -> tuple[Substrate, Text]:
    substrate = ProcessSubstrate(preload)
    start = (Text("forked from one that has loaded the libraries", "由預先載入函式庫的進程分叉而來")
             if substrate.start == "fork" else Text("one interpreter each", "各有一個直譯器"))
    return ready(substrate), Text("Services run as local processes, {start}: {reason}.", "服務以本機進程執行，{start}：{reason}。"
                                   ).format(start=start, reason=reason)


def ready(substrate: Substrate) -> Substrate:
    """Have it ready; half a substrate must not be left, whatever comes in between."""
    try:
        substrate.ready()
    except BaseException:
        substrate.close()
        raise
    return substrate
