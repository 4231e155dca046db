"""PostgreSQL for real, on each substrate: used through psycopg, killed while a transaction is open, asked by too many."""

from __future__ import annotations

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
    killed = store.kill()
    with pytest.raises(psycopg.OperationalError):
        connection.execute("COMMIT")
    connection.close()
    killed.lift()
    assert wait_for(lambda: _answers(store), "it answers again")
    assert sorted(_rows(store, "SELECT name, pieces FROM stock")) == [("cup", 3), ("茶壺", 5)]


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
