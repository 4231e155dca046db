"""Every public method says what it is for; an overriding one is told by its base (ruff sees to the rest)."""

from __future__ import annotations

import importlib
import inspect
import pkgutil
from collections.abc import Iterator
from types import ModuleType

import pytest

PACKAGES = ["labkit", "mini_services", "book"]


def _modules(package: str) -> Iterator[ModuleType]:
    yield (root := importlib.import_module(package))
    for found in pkgutil.walk_packages(root.__path__, f"{package}."):
        if not found.name.endswith("__main__"):
            yield importlib.import_module(found.name)


def _silent(module: ModuleType) -> list[str]:
    classes = [cls for name, cls in vars(module).items()
               if inspect.isclass(cls) and cls.__module__ == module.__name__ and not name.startswith("_")]
    return [f"{module.__name__}.{cls.__name__}.{name}" for cls in classes if not getattr(cls, "_is_protocol", False)
            for name, member in vars(cls).items()
            if not name.startswith("_") and _is_method(member) and not _told(cls, name)]


def _told(cls: type, name: str) -> bool:
    return any(vars(base)[name].__doc__ for base in cls.__mro__ if name in vars(base))


def _is_method(member: object) -> bool:
    return isinstance(member, property | classmethod | staticmethod) or inspect.isfunction(member)


@pytest.mark.parametrize("package", PACKAGES)
def test_every_public_method_says_what_it_is_for(package: str) -> None:
    modules = list(_modules(package))
    assert len(modules) > 5
    assert [name for module in modules for name in _silent(module)] == []


def test_a_method_is_covered_by_its_base_and_by_nothing_else() -> None:
    class Base:
        def told(self) -> None:
            """Said."""

    class Derived(Base):
        def told(self) -> None: ...
        def silent(self) -> None: ...

    module = ModuleType("sample")
    Derived.__module__, module.__dict__["Derived"] = "sample", Derived
    assert [name.rpartition(".")[2] for name in _silent(module)] == ["silent"]
