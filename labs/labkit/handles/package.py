"""A package of services, such as ``mini_services.shop``: each module is a service, ``preload`` says what they share."""

from __future__ import annotations

import difflib
import importlib.util
import pkgutil
import re
from pathlib import Path

from labkit.language import Text

__all__ = ["app_of", "preload_of"]

_APP = re.compile(r"^(app = |from .* import .*\bapp\b)", re.MULTILINE)
_UNKNOWN = Text("There is no service “{name}” in {package}.{hint} It has: {known}.",
                "{package} 裡沒有服務「{name}」。{hint}現有的是：{known}。")
_NEAR = Text(" Did you mean “{near}”?", "是不是「{near}」？")


def app_of(package: str, name: str) -> str:
    """The application of the service ``name``, "module:app"; `LookupError` with the nearest known name if there is none."""
    spec = importlib.util.find_spec(package)
    modules = [module.name for module in pkgutil.iter_modules(spec.submodule_search_locations or [])] if spec else []
    if name not in modules:
        known = [module for module in modules if _serves(f"{package}.{module}")]
        near = difflib.get_close_matches(name, known, 1)
        hint = _NEAR.format(near=near[0]) if near else Text("", "")
        raise LookupError(str(_UNKNOWN.format(name=name, package=package, hint=hint, known=", ".join(known))))
    return f"{package}.{name}:app"


def preload_of(package: str) -> list[str]:
    """The module in which the package says what else its services share, if it has one."""
    name = f"{package}.preload"
    return [name] if importlib.util.find_spec(package) and importlib.util.find_spec(name) else []


def _serves(module: str) -> bool:
    """Whether a module has an application, as far as one can tell without importing it: most are parts of services."""
    spec = importlib.util.find_spec(module)
    return bool(spec and spec.origin and _APP.search(Path(spec.origin).read_text("utf-8")))
