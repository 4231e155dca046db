"""The services' image is built again when a file of it changes, and only then."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest

from labkit.substrates.image_context import Recipe


@pytest.fixture
def package(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    (folder / "__pycache__").mkdir(parents=True)
    (folder / "stock.py").write_text("STOCK = 1\n", "utf-8")
    return folder


def test_a_changed_source_changes_the_digest(package: Path) -> None:
    before = Recipe([package]).digest()
    (package / "stock.py").write_text("STOCK = 2\n", "utf-8")
    assert Recipe([package]).digest() != before


def test_a_renamed_file_changes_the_digest(package: Path) -> None:
    before = Recipe([package]).digest()
    (package / "stock.py").rename(package / "stocks.py")
    assert Recipe([package]).digest() != before


def test_what_python_and_editors_leave_changes_nothing(package: Path) -> None:
    before = Recipe([package]).digest()
    (package / "__pycache__" / "stock.cpython-313.pyc").write_bytes(b"made")
    (package / ".stock.py.swp").write_bytes(b"made")
    assert Recipe([package]).digest() == before


def test_the_context_holds_wheels_sources_and_lock(package: Path, tmp_path: Path) -> None:
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    (wheels / "one-1-py3-none-any.whl").write_bytes(b"wheel")
    (wheels / ".whole").touch()
    with Recipe([package]).context(wheels) as context, tarfile.open(fileobj=context) as tar:
        assert sorted(tar.getnames()) == ["Dockerfile", "book/shop/stock.py", "service.txt", "wheels/one-1-py3-none-any.whl"]


def test_the_python_is_the_one_that_the_base_is_named_for() -> None:
    recipe = Recipe([])
    assert recipe.base.startswith(f"python:{recipe.python}.")
