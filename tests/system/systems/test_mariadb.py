"""MariaDB for real, on each substrate: used through PyMySQL, killed while a transaction is open, asked by too many."""

from __future__ import annotations

import pymysql
import pytest

from labkit import Lab
from labkit.handles.service import Service
from tests.support.waiting import wait_for

pytestmark = pytest.mark.needs("mariadb")


@pytest.fixture(scope="module")
def store(lab: Lab) -> Service:
    return lab.system("mariadb", connections=10)


def _rows(store: Service, query: str) -> list[tuple[object, ...]]:
    with store.client() as connection, connection.cursor() as cursor:
        cursor.execute(query)
        return list(cursor.fetchall())


def _answers(store: Service) -> bool:
    try:
        return bool(_rows(store, "SELECT 1"))
    except pymysql.MySQLError:
        return False


def test_its_start_is_told_with_its_version(lab: Lab, capsys: pytest.CaptureFixture[str]) -> None:
    store = lab.system("mariadb", name="told")
    (version,), = _rows(store, "SELECT VERSION()")
    assert capsys.readouterr().out.startswith(f"told {str(version).partition('-')[0]}: 1 instance(s) at mysql://127.0.0.1:")


def test_what_was_committed_is_there_after_a_kill_and_what_was_not_is_not(store: Service) -> None:
    _rows(store, "CREATE TABLE stock (name VARCHAR(20) PRIMARY KEY, pieces INT) ENGINE=InnoDB")
    _rows(store, "INSERT INTO stock VALUES ('cup', 3), ('茶壺', 5)")
    with store.client() as connection, connection.cursor() as cursor:
        connection.begin()
        cursor.execute("UPDATE stock SET pieces = 2 WHERE name = 'cup'")
        cursor.execute("INSERT INTO stock VALUES ('plate', 9)")
        killed = store.kill()
        with pytest.raises(pymysql.OperationalError):
            cursor.execute("COMMIT")
    killed.lift()
    assert wait_for(lambda: _answers(store), "it answers again")
    assert sorted(_rows(store, "SELECT name, pieces FROM stock")) == [("cup", 3), ("茶壺", 5)]


def test_more_connections_than_it_takes_is_an_error_that_says_so(store: Service) -> None:
    held = [store.client() for _ in range(11)]  # the last is its administrator's
    with pytest.raises(pymysql.OperationalError, match="Too many connections"):
        store.client()
    for one in held:
        one.close()
    assert wait_for(lambda: _answers(store), "there is room again")


def test_a_paused_one_hangs_and_loses_nothing(store: Service) -> None:
    _rows(store, "CREATE OR REPLACE TABLE carts (id INT)")
    with store.pause(), pytest.raises(pymysql.OperationalError):
        store.client()
    _rows(store, "INSERT INTO carts VALUES (1)")
    assert _rows(store, "SELECT id FROM carts") == [(1,)]


def test_two_of_them_are_two_databases(lab: Lab, store: Service) -> None:
    other = lab.system("mariadb", name="payments")
    _rows(store, "CREATE OR REPLACE TABLE orders (id INT)")
    with pytest.raises(pymysql.ProgrammingError, match="orders"):
        _rows(other, "SELECT * FROM orders")
    assert lab.service("tiny", calls=[store, other]).get("/environment/PAYMENTS_URL").json().startswith("mysql://")


def test_fewer_connections_than_it_can_have_is_a_sentence(lab: Lab) -> None:
    with pytest.raises(ValueError, match="no less than 10 connections"):
        lab.system("mariadb", connections=5)
