"""PostgreSQL for real, on each substrate: used through psycopg, killed and paused while it is used, asked by too many."""

from __future__ import annotations

import select
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import psycopg
import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("postgresql")


@pytest.fixture(scope="module")
def store(lab: Lab) -> Service:
    return lab.system("postgresql", connections=8)


def _done(store: Service, command: str) -> None:
    with store.client() as connection:
        connection.execute(command)


def _rows(store: Service, query: str) -> list[tuple[Any, ...]]:
    with store.client() as connection:
        return list(connection.execute(query).fetchall())


def _answers(store: Service) -> bool:
    try:
        return bool(_rows(store, "SELECT 1"))
    except psycopg.OperationalError:
        return False


@contextmanager
def _busy(store: Service) -> Iterator[psycopg.Connection]:
    """A connection whose statement has begun, and takes minutes."""
    begun = "SELECT 1 FROM pg_stat_activity WHERE state = 'active' AND query LIKE '%generate_series%' AND pid <> pg_backend_pid()"
    with closing(store.client()) as connection:
        connection.pgconn.send_query(b"SELECT count(*) FROM generate_series(1, 1000) a, generate_series(1, 10000000) b")
        wait_for(lambda: _rows(store, begun), "the statement has begun")
        yield connection


def _tells(connection: psycopg.Connection, seconds: float) -> bool:
    """Whether the server says something, or hangs up, in so many seconds."""
    return bool(select.select([connection.pgconn.socket], [], [], seconds)[0])


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    store = lab.system("postgresql", name="told")
    (version,), = _rows(store, "SHOW server_version")
    assert capsys.readouterr().out.startswith(f"told {version.split()[0]}: 1 instance(s) at postgresql://127.0.0.1:")


def test_what_was_committed_is_there_after_a_kill_and_what_was_not_is_not(store: Service) -> None:
    _done(store, "CREATE TABLE stock (name text PRIMARY KEY, pieces int)")
    _done(store, "INSERT INTO stock VALUES ('cup', 3), ('茶壺', 5)")
    connection = store.client()
    connection.execute("BEGIN")
    connection.execute("UPDATE stock SET pieces = 2 WHERE name = 'cup'")
    connection.execute("INSERT INTO stock VALUES ('plate', 9)")
    with store.kill(), pytest.raises(psycopg.OperationalError):
        connection.execute("COMMIT")
    connection.close()
    assert wait_for(lambda: _answers(store), "it answers again")
    assert sorted(_rows(store, "SELECT name, pieces FROM stock")) == [("cup", 3), ("茶壺", 5)]


def test_a_kill_ends_what_a_connection_is_in_the_middle_of(store: Service) -> None:
    """Each connection is served by a process with a session of its own, which would count to the end."""
    with _busy(store) as connection, store.kill():
        assert _tells(connection, 5.0)
        with pytest.raises(psycopg.OperationalError):
            connection.execute("SELECT 1")
    assert wait_for(lambda: _answers(store), "it answers again")


def test_more_connections_than_it_takes_is_an_error_that_says_so(store: Service) -> None:
    held = [store.client() for _ in range(8)]
    with pytest.raises(psycopg.OperationalError, match="too many clients already"):
        store.client()
    for one in held:
        one.close()
    assert wait_for(lambda: _answers(store), "there is room again")


def test_a_paused_one_hangs_and_loses_nothing(store: Service) -> None:
    _done(store, "CREATE TABLE carts (id int)")
    with store.pause(), pytest.raises(psycopg.OperationalError, match="timeout"):
        store.client()
    _done(store, "INSERT INTO carts VALUES (1)")
    assert _rows(store, "SELECT id FROM carts") == [(1,)]


def test_a_paused_one_is_silent_to_whoever_is_connected(store: Service) -> None:
    with closing(store.client()) as connection:
        with store.pause():
            connection.pgconn.send_query(b"SELECT 1")
            assert not _tells(connection, 1.0)
        assert _tells(connection, 5.0)


def test_two_of_them_are_two_databases(lab: Lab, store: Service) -> None:
    other = lab.system("postgresql", name="payments")
    _done(store, "CREATE TABLE orders (id int)")
    with pytest.raises(psycopg.errors.UndefinedTable):
        _rows(other, "SELECT * FROM orders")
    assert lab.service("tiny", calls=[store, other]).get("/environment/PAYMENTS_URL").json().startswith("postgresql://")


def test_started_anew_it_has_forgotten_everything(lab: Lab) -> None:
    _done(lab.system("postgresql", name="told"), "CREATE TABLE orders (id int)")
    with pytest.raises(psycopg.errors.UndefinedTable):
        _rows(lab.system("postgresql", name="told"), "SELECT * FROM orders")
