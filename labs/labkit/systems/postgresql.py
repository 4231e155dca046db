"""PostgreSQL: a relational database. What the book's services keep their data in, and what its caches protect."""

from __future__ import annotations

import struct
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, asked, said

if TYPE_CHECKING:
    import psycopg

__all__ = ["Postgresql"]

_USER, _DATABASE = "postgres", "postgres"
_STARTUP = struct.pack("!i", 196608) + f"user\0{_USER}\0database\0{_DATABASE}\0\0".encode()
_HELLO = struct.pack("!i", len(_STARTUP) + 4) + _STARTUP  # the protocol's version 3.0 and whom it asks for


@dataclass(frozen=True)
class Postgresql(System):
    """One server with one empty database, whose commits are on the disk's cache alone: a kill loses none, a power cut may.

    ``connections`` is how many it takes at the same time.
    """

    connections: int = 50

    name: ClassVar[str] = "postgresql"
    scheme: ClassVar[str] = "postgresql"
    purpose: ClassVar[Text] = Text("relational database", "關聯式資料庫")
    breaks: ClassVar[Text] = Text("a kill: what was committed is there again", "終止：已提交的數據都還在")
    licence: ClassVar[str] = "PostgreSQL"

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("PostgreSQL", "postgres:17.10-bookworm", "postgres", 5432,
                       version=("--version",), oldest=(13,), debian="postgresql", brew="postgresql@17",
                       fedora="postgresql-server",
                       command=self._command, first=_first, keeps=True, unprivileged=True,
                       places=("/usr/lib/postgresql/*/bin", "/opt/homebrew/opt/postgresql@*/bin"))

    def _command(self, place: Place) -> Sequence[str]:
        return ["postgres", "-D", f"{place.folder}/pg", "-p", str(place.port),
                "-c", f"listen_addresses={place.host}", "-c", "unix_socket_directories=", "-c", "fsync=off",
                "-c", f"max_connections={self.connections}", "-c", "shared_buffers=16MB"]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it lets its user in: while it starts it accepts, and refuses by an error ("E")."""
        return asked(host, port, _HELLO, b"R", seconds)

    def version(self, host: str, port: int) -> str:
        """What its greeting tells: the parameter ``server_version``."""
        return said(host, port, _HELLO, rb"server_version\0([\d.]+)")

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> psycopg.Connection:
        """psycopg's, each statement its own transaction; it waits five seconds at most for a connection."""
        import psycopg

        return psycopg.connect(host=host, port=port, user=_USER, dbname=_DATABASE, connect_timeout=5, autocommit=True)


def _first(place: Place) -> Sequence[Sequence[str]]:
    """Make the database; whoever gets to its port on this machine's loopback, or in its lab's network, may use it."""
    return [["initdb", "-D", f"{place.folder}/pg", "-U", _USER, "-A", "trust", "-E", "UTF8", "--locale=C", "--no-sync"],
            ["sh", "-c", f"echo 'host all all all trust' >> {place.folder}/pg/pg_hba.conf"]]
