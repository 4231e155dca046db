"""What an engine has made for labs, whoever's and of whenever: all that carries the label of one."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import quote

from labkit.substrates.engine import LABEL, ask

__all__ = ["Made", "made_for_labs"]

_BILLIONTHS = re.compile(r"\.\d+")  # which Python does not read


@dataclass(frozen=True)
class Made:
    """A container, network or volume; ``state`` is the engine's word ("running"), ``began`` a Unix time."""

    kind: str
    id: str
    name: str
    state: str
    began: float
    labels: dict[str, str]

    @property
    def lab(self) -> str:
        """The lab that it was made for."""
        return self.labels[LABEL]


def made_for_labs(address: str) -> list[Made]:
    """Every container, network and volume that carries the label of some lab. ``OSError`` when no engine answers."""
    filters = quote(json.dumps({"label": [LABEL]}))
    containers = [Made("container", one["Id"], (one["Names"] or [""])[0].lstrip("/"), one["State"], float(one["Created"]),
                       one["Labels"]) for one in ask(address, "GET", f"/containers/json?all=true&filters={filters}")]
    networks = [Made("network", one["Id"], one["Name"], "", _moment(one["Created"]), one["Labels"])
                for one in ask(address, "GET", f"/networks?filters={filters}")]
    volumes = [Made("volume", one["Name"], one["Name"], "", _moment(one["CreatedAt"]), one["Labels"])
               for one in ask(address, "GET", f"/volumes?filters={filters}")["Volumes"] or []]
    return containers + networks + volumes


def _moment(written: str) -> float:
    return datetime.fromisoformat(_BILLIONTHS.sub("", written)).timestamp()
