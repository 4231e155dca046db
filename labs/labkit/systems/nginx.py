"""nginx: a web server in front of others. The book's reverse proxy, load balancer, gateway and sidecar cache."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import ClassVar
from urllib.parse import urlsplit

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.systems.system import System, asked, nobody_behind, said

__all__ = ["Nginx"]

_CONFIGURATION = """\
daemon off;
{user}pid {folder}/nginx.pid;
error_log stderr warn;
worker_processes 1;
events {{ worker_connections 1024; }}
http {{
    access_log off;
    {temporary}
    {cache}
    {upstreams}
    server {{
        listen {host}:{port} backlog=1024;
        location = /healthz {{ return 200 "ok\\n"; }}
        {locations}
    }}
}}
"""
_TEMPORARY = ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")


@dataclass(frozen=True)
class Nginx(System):
    """nginx before the services that it calls: the first of them gets every path.

    ``cache`` is for how many whole seconds a good answer to a GET is kept and given again, 0 for never; ``X-Cache`` tells.
    """

    cache: int = 0

    name: ClassVar[str] = "nginx"
    scheme: ClassVar[str] = "http"
    purpose: ClassVar[Text] = Text("reverse proxy, gateway, sidecar cache", "反向代理、網關、Sidecar 緩存")
    breaks: ClassVar[Text] = Text("itself, and whoever is behind it", "它自己，以及它後面的服務")
    licence: ClassVar[str] = "BSD-2-Clause"

    def program(self, callees: Mapping[str, str]) -> Program:
        if not callees:
            raise nobody_behind("nginx", self.name)
        return Program("nginx", "nginx:1.30.4-trixie", "nginx", 8080,
                       version=("-v",), oldest=(1, 18), debian="nginx-light", brew="nginx",
                       command=_command, files=lambda place: {"nginx.conf": self._configuration(place, callees)})

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"GET /healthz HTTP/1.0\r\n\r\n", b"HTTP/1.1 200", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"GET /healthz HTTP/1.0\r\n\r\n", rb"Server: nginx/([\d.]+)")

    def _configuration(self, place: Place, callees: Mapping[str, str]) -> str:
        upstreams = [f"upstream {name} {{ server {urlsplit(url).netloc}; keepalive 64; }}" for name, url in callees.items()]
        first = next(iter(callees))
        return _CONFIGURATION.format(
            user="user root;\n" if place.as_root else "", folder=place.folder, host=place.host, port=place.port,
            temporary="\n    ".join(f"{name}_temp_path {place.folder}/{name};" for name in _TEMPORARY),
            cache=self._cache_zone(place), upstreams="\n    ".join(upstreams), locations=self._location(first))

    def _cache_zone(self, place: Place) -> str:
        return f"proxy_cache_path {place.folder}/cache keys_zone=answers:4m inactive=1h;" if self.cache else ""

    def _location(self, upstream: str) -> str:
        lines = [f"proxy_pass http://{upstream};", "proxy_http_version 1.1;", 'proxy_set_header Connection "";',
                 "proxy_set_header X-Forwarded-For $remote_addr;"]
        if self.cache:
            lines += ["proxy_cache answers;", f"proxy_cache_valid 200 {self.cache}s;",
                      "add_header X-Cache $upstream_cache_status always;"]
        return "location / { " + " ".join(lines) + " }"


def _command(place: Place) -> Sequence[str]:
    return ["nginx", "-p", place.folder, "-e", "stderr", "-c", f"{place.config}/nginx.conf"]
