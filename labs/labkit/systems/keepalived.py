"""Keepalived: several machines that share one address by VRRP. The book's virtual address before two load balancers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.substrates.program import Place, Program, Stack
from labkit.substrates.relay import split
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, page, said

__all__ = ["Keepalived", "SharedAddress"]

_CONFIGURATION = """\
global_defs {{
    router_id {name}
    vrrp_version 3
}}
vrrp_instance address {{
    interface eth0
    state BACKUP
    {preempt}
    virtual_router_id {router}
    priority {priority}
    advert_int {advert}
    virtual_ipaddress {{
        {address}
    }}
}}
"""
_START = """\
# what answers beside Keepalived, in the same network stack
KEEPALIVED=$(keepalived --version 2>&1 | sed -n 's/^Keepalived v\\([0-9.]*\\).*/\\1/p')
export KEEPALIVED
# a server for many is -lk to one build of BusyBox and -ll to another
many=$(busybox nc --help 2>&1 | grep -q -e -lk && echo -lk || echo -ll)
cd "${{0%/*}}" || exit
busybox nc $many -p {name_port} -e sh name.sh &
busybox nc $many -p {service_port} -e {service} &
busybox nc $many -p {port} -e busybox nc -w 2 {address} {name_port} &
exec "$@"
"""
_NAME = """\
# which machine this is, to whoever asks over HTTP
while read -r line && [ "${{#line}}" -gt 1 ]; do :; done
printf '%s\\r\\n' 'HTTP/1.1 200 OK' "Server: keepalived/$KEEPALIVED" 'Content-Length: {length}' 'Connection: close' ''
printf '%s' '{name}'
"""
_SHORTEST, _LONGEST = 0.01, 40.95  # seconds, of the 12 bits that RFC 5798 gives to hundredths
_ADVERT = Text("advert is how many seconds lie between two advertisements, {low:g} to {high:g}; {given!r} cannot be.",
               "advert 是兩次通告之間的秒數，範圍 {low:g} 到 {high:g}；不能是 {given!r}。")


@dataclass(frozen=True)
class Keepalived(System):
    """``instances`` of it have one address together, which the first alive of them holds: its priority is the highest.

    Who connects there reaches the service that they call, through the holder; without one, the holder says its name. A
    holder advertises itself every ``advert`` seconds, and the next takes over when three advertisements fail to come (VRRP
    version 3, RFC 5798). With ``preempt`` a member that comes back takes the address from one of lower priority.

    One whose container was disconnected stays without the address until it is started again: Docker gives it another
    interface than the one that Keepalived watches.
    """

    advert: float = 1.0
    preempt: bool = True

    name: ClassVar[str] = "keepalived"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("one address for several machines", "多台機器共用一個位址")
    breaks: ClassVar[Text] = Text("the holder of the address: the next takes it over", "持有位址的成員：由下一個接手")
    licence: ClassVar[str] = "GPL-2.0-or-later"
    clustered: ClassVar[bool] = True

    def __post_init__(self) -> None:
        if not _SHORTEST <= self.advert <= _LONGEST:
            raise ValueError(str(_ADVERT.format(low=_SHORTEST, high=_LONGEST, given=self.advert)))

    def program(self, callees: Mapping[str, str]) -> Program:
        called = [urlsplit(url).netloc for url in callees.values()][:1]
        return Program("Keepalived", "osixia/keepalived:2.3.4", "keepalived", 8081,
                       version=("--version",), oldest=(2, 0), debian="keepalived busybox", fedora="keepalived busybox",
                       command=_command, files=lambda place: self._files(place, called), ports={"service": 8080, "name": 8082},
                       needs=("busybox",), stack=Stack("service", called, ("NET_ADMIN", "NET_RAW")))

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether somebody answers on the shared address, as seen from this member."""
        return bool(page(host, port, "/", seconds))

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"GET / HTTP/1.0\r\n\r\n", rb"Server: keepalived/([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> SharedAddress:
        """Who holds the address; requests go to the address itself."""
        return SharedAddress([member for member in members if member.outside])

    def _files(self, place: Place, called: Sequence[str]) -> dict[str, str]:
        me, shared = place.me, place.me.shared
        assert shared is not None
        host, port = split(called[0]) if called else ("", 0)
        service = f"busybox nc {place.way_out or host} {port}" if called else "sh name.sh"
        return {
            "keepalived.conf": _CONFIGURATION.format(
                name=me.name, preempt="" if self.preempt else "nopreempt", router=shared.host.rpartition(".")[2],
                priority=max(1, 255 - 5 * place.number), advert=self.advert, address=shared.host),
            "start.sh": _START.format(port=place.port, name_port=me.ports["name"], service_port=me.ports["service"],
                                      service=service, address=shared.host),
            "name.sh": _NAME.format(name=me.name, length=len(me.name)),
        }


@dataclass(frozen=True)
class SharedAddress:
    """The address that the ``members`` share, asked through their eyes."""

    members: Sequence[Endpoint]

    def holder(self) -> str | None:
        """The name of the instance that answers on the address now; None when none does.

        The members ask in turn, each from its own network stack, and the first that gets an answer tells it. What one of
        them sees ``vip[1].client().holder()`` tells.
        """
        return next(filter(None, (page(*member.here, "/", 1.0) for member in self.members)), None)


def _command(place: Place) -> Sequence[str]:
    return ["sh", f"{place.config}/start.sh", "keepalived", "--dont-fork", "--log-console", "--vrrp",
            f"--use-file={place.config}/keepalived.conf",
            *(f"--{process}={place.folder}/{process}" for process in ("pid", "vrrp_pid", "checkers_pid", "bfd_pid"))]
