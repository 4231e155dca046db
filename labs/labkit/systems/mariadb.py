"""MariaDB: a relational database that speaks MySQL's protocol. The book's second database, beside PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from labkit.language import Text
from labkit.substrates.program import Place, Program
from labkit.substrates.substrate import Endpoint
from labkit.systems.system import System, said

if TYPE_CHECKING:
    import pymysql

__all__ = ["Mariadb"]

_DATABASE = "lab"
_FEWEST = 10  # less it would raise by itself, and say so in its log alone
_TOO_FEW = Text("MariaDB takes no less than {fewest} connections: use connections={fewest} or more.",
                "MariaDB 的連接數不能少於 {fewest}：請用 connections={fewest} 以上。")
_USERS = f"""\
CREATE DATABASE IF NOT EXISTS {_DATABASE} CHARACTER SET utf8mb4;
CREATE USER IF NOT EXISTS root@'%';
GRANT ALL ON *.* TO root@'%' WITH GRANT OPTION;
"""


@dataclass(frozen=True)
class Mariadb(System):
    """One server with one empty database, "lab". Commits are on the disk's cache alone: a kill loses none, a power cut may.

    ``connections`` is how many it takes at the same time, ten at least; its administrator, who the labs are, is let in once
    more.
    """

    connections: int = 50

    name: ClassVar[str] = "mariadb"
    scheme: ClassVar[str] = "mysql"
    purpose: ClassVar[Text] = Text("relational database", "關聯式資料庫")
    breaks: ClassVar[Text] = Text("a kill: what was committed is there again", "終止：已提交的數據都還在")
    licence: ClassVar[str] = "GPL-2.0-only"

    def __post_init__(self) -> None:
        if self.connections < _FEWEST:
            raise ValueError(str(_TOO_FEW.format(fewest=_FEWEST)))

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("MariaDB", "mariadb:11.8.3", "mariadbd", 3306,
                       version=("--version",), oldest=(10, 5), debian="mariadb-server", brew="mariadb", fedora="mariadb-server",
                       command=self._command, files=lambda place: {"users.sql": _USERS}, first=_first, keeps=True)

    def _command(self, place: Place) -> Sequence[str]:
        return ["mariadbd", "--no-defaults", *_as_root(place), f"--datadir={place.folder}/db", f"--bind-address={place.host}",
                f"--port={place.port}", f"--socket={place.folder}/socket", f"--pid-file={place.folder}/pid",
                f"--tmpdir={place.folder}", "--log-warnings=1",
                f"--init-file={place.config}/users.sql", "--skip-name-resolve", f"--max-connections={self.connections}",
                "--innodb-flush-log-at-trx-commit=2", "--innodb-buffer-pool-size=32M", "--innodb-log-file-size=16M"]

    def ready(self, host: str, port: int, seconds: float) -> bool:
        """Whether it greets."""
        return bool(_greeted(host, port, seconds))

    def version(self, host: str, port: int) -> str:
        return _greeted(host, port)

    def client(self, host: str, port: int, members: Sequence[Endpoint]) -> pymysql.Connection:
        """PyMySQL's, each statement its own transaction; it waits five seconds at most for a connection, ten for an answer."""
        import pymysql

        return pymysql.connect(host=host, port=port, user="root", database=_DATABASE, connect_timeout=5, read_timeout=10,
                               write_timeout=10, autocommit=True)


def _greeted(host: str, port: int, seconds: float = 2.0) -> str:
    """The version that its greeting tells, for MySQL's old clients after a 5.5.5."""
    return said(host, port, b"", rb"([\d.]+)-MariaDB", seconds)


def _as_root(place: Place) -> list[str]:
    return ["--user=root"] * place.as_root


def _first(place: Place) -> Sequence[Sequence[str]]:
    """Make the system's tables; whoever gets to its port on this machine's loopback, or in its lab's network, may use it."""
    return [["mariadb-install-db", "--no-defaults", *_as_root(place), f"--datadir={place.folder}/db", "--skip-test-db",
             "--auth-root-authentication-method=normal", f"--tmpdir={place.folder}"]]
