"""A launch calls one function of one module with its descriptors and keywords."""

from __future__ import annotations

import os
import sys
import types

import pytest

from labkit.substrates.launch import call


@pytest.fixture
def calls(monkeypatch: pytest.MonkeyPatch) -> list[tuple[list[int], dict[str, object]]]:
    """What the function ``a_module:main`` was called with."""
    seen: list[tuple[list[int], dict[str, object]]] = []
    module = types.ModuleType("a_module")
    module.main = lambda fds, **keywords: seen.append((fds, keywords))  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "a_module", module)
    return seen


def test_the_function_gets_descriptors_and_keywords(calls: list[tuple[list[int], dict[str, object]]]) -> None:
    call("a_module:main", [0], {"app": "x", "n": 3})
    assert calls == [([0], {"app": "x", "n": 3})]


def test_what_the_function_starts_does_not_inherit_its_descriptors(
        calls: list[tuple[list[int], dict[str, object]]]) -> None:
    reader, writer = os.pipe()
    os.set_inheritable(reader, True)
    call("a_module:main", [reader], {})
    assert not os.get_inheritable(reader)
    os.close(reader)
    os.close(writer)
