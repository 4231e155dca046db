"""Which substrate a lab gets."""

from __future__ import annotations

import os
from collections.abc import Sequence

from labkit.language import Text
from labkit.substrates.process import ProcessSubstrate

__all__ = ["SUBSTRATES", "choose"]

SUBSTRATES = ("process",)


def choose(name: str | None, preload: Sequence[str]) -> tuple[ProcessSubstrate, Text]:
    """The substrate and one line that says why. ``name`` wins, then ``LABKIT_SUBSTRATE``, then what is there."""
    wanted = name or os.environ.get("LABKIT_SUBSTRATE") or "process"
    if wanted not in SUBSTRATES:
        raise ValueError(str(Text("There is no substrate “{name}”; there is: {known}.",
                                  "沒有名為「{name}」的執行環境；現有的是：{known}。"
                                  ).format(name=wanted, known=", ".join(SUBSTRATES))))
    reason = (Text("as this lab asks", "這個實驗指定") if name else
              Text("as LABKIT_SUBSTRATE says", "由 LABKIT_SUBSTRATE 指定") if os.environ.get("LABKIT_SUBSTRATE") else
              Text("nothing to install, nothing as root", "不必安裝，也不需要 root"))
    substrate = ProcessSubstrate(preload)
    start = (Text("forked from one that has loaded the libraries", "由預先載入函式庫的進程分叉而來")
             if substrate.start == "fork" else Text("one interpreter each", "各有一個直譯器"))
    return substrate, Text("Services run as local processes, {start}: {reason}.",
                           "服務以本機進程執行，{start}：{reason}。").format(start=start, reason=reason)
