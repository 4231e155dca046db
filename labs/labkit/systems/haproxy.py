"""HAProxy: a load balancer that knows each instance and watches its health. The book's balancer in front of a service."""

from __future__ import annotations

import csv
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, on_page, page

__all__ = ["Haproxy", "Statistics"]

_CONFIGURATION = """\
global
    log stderr format raw local0 notice
    maxconn 4096
    nbthread 1
defaults
    mode http
    timeout connect 2s
    timeout client 30s
    timeout server 30s
frontend users
    bind {host}:{port}
    monitor-uri /haproxy-health
    stats enable
    stats uri /haproxy-stats
    default_backend instances
backend instances
    balance {balance}
    retries {retries}
    option redispatch 1
    retry-on conn-failure empty-response
    http-request disable-l7-retry if {{ method POST PATCH }}
    {check}
    {servers}
"""
_CHECK = """option httpchk GET /health
    http-check expect status 200
    default-server check inter {milliseconds} fall 2 rise 1"""
_BALANCES = ("roundrobin", "static-rr", "leastconn", "first", "random", "source", "uri", "hdr")
_UNKNOWN = Text("HAProxy does not know the balance “{balance}”. Choose one of {known}.",
                "HAProxy 沒有「{balance}」這種 balance。請選擇：{known}。")


@dataclass(frozen=True)
class Haproxy(System):
    """HAProxy before the services that it calls: it spreads requests over all their instances, each of which it sees.

    ``balance`` is how, in HAProxy's own words: "roundrobin", "leastconn", "random(2)", "source" ... Every ``check`` seconds
    it asks each instance for ``/health``, 0 for never: two failures take it out, one success brings it back. What gets no
    answer at all is tried again ``retries`` times, at the next instance, unless it is a POST or a PATCH, which may have been
    done. The instances are those of its start; have more, and start it anew.
    """

    balance: str = "roundrobin"
    check: float = 0.5
    retries: int = 3

    name: ClassVar[str] = "haproxy"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("load balancer with health checks", "負載均衡，附健康檢查")
    breaks: ClassVar[Text] = Text("the instances behind it: the check takes them out", "它後面的實例：健康檢查會把它們移出")
    licence: ClassVar[str] = "GPL-2.0-or-later"
    sees_each: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if re.sub(r"[ (].*", "", self.balance) not in _BALANCES:
            raise ValueError(str(_UNKNOWN.format(balance=self.balance, known=", ".join(_BALANCES))))

    def program(self, callees: Mapping[str, str]) -> Program:
        if not callees:
            raise ValueError(str(Text("HAProxy is in front of nobody: say whom it calls, lab.system(\"haproxy\", calls=shop).",
                                      "HAProxy 後面沒有服務：請說明它要調用哪個服務，lab.system(\"haproxy\", calls=shop)。")))
        return Program("HAProxy", "haproxy:3.0.11-bookworm", "haproxy", 8080,
                       version=("-v",), oldest=(2, 4), debian="haproxy", brew="haproxy",
                       command=_command, files=lambda place: {"haproxy.cfg": self._configuration(place, callees)})

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return "ready" in page(host, port, "/haproxy-health", seconds)

    def version(self, host: str, port: int) -> str:
        return on_page(host, port, "/haproxy-stats", r"HAProxy version ([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> Statistics:
        """Its statistics; requests go to its address."""
        return Statistics(host, port)

    def _configuration(self, place: Place, callees: Mapping[str, str]) -> str:
        servers = [f"server {callee}-{number} {address}" for callee, url in callees.items()
                   for number, address in enumerate(filter(None, urlsplit(url).netloc.split(",")), 1)]
        check = _CHECK.format(milliseconds=max(1, round(self.check * 1000))) if self.check else ""
        return _CONFIGURATION.format(host=place.host, port=place.port, balance=self.balance, retries=self.retries, check=check,
                                     servers="\n    ".join(servers))


@dataclass(frozen=True)
class Statistics:
    """What HAProxy counts, as its page ``/haproxy-stats;csv`` has it (its management guide, section 9.1)."""

    host: str
    port: int

    def servers(self) -> dict[str, dict[str, str]]:
        """The row of each instance by its name: ``stot`` are its requests so far, ``status`` is "UP" or "DOWN"."""
        rows = csv.DictReader(page(self.host, self.port, "/haproxy-stats;csv").removeprefix("# ").splitlines())
        return {row["svname"]: row for row in rows if row["svname"] not in ("FRONTEND", "BACKEND")}


def _command(place: Place) -> Sequence[str]:
    return ["haproxy", "-db", "-f", f"{place.config}/haproxy.cfg"]
