"""How a service is set up: kept by the lab, so that a load can be repeated later on the set-up that it had."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.systems.system import System

__all__ = ["ServicePlan"]


@dataclass(frozen=True)
class ServicePlan:
    """A service's application ("module:attribute"), whom it calls, how many instances, and its settings.

    Or, in place of an application, a real ``system``.
    """

    name: str
    app: str
    calls: tuple[str, ...] = ()
    instances: int = 1
    settings: Mapping[str, Any] = field(default_factory=dict)
    system: System | None = None

    @property
    def scheme(self) -> str:
        """How its address begins."""
        return self.system.scheme if self.system else "http"

    @property
    def sees_each(self) -> bool:
        """Whether it calls each instance of its callees by an address of its own."""
        return self.system is not None and self.system.sees_each

    def environment(self, urls: Mapping[str, str], instance: str) -> dict[str, str]:
        """The settings as environment variables: names in capitals, values that are no text as JSON.

        ``urls`` are the callees' addresses by name (``STOCK_URL``). ``SERVICE_SETTINGS`` names what was set on
        purpose, so that the service can refuse a setting that it does not know.
        """
        named = {f"{callee.upper().replace('-', '_')}_URL": url for callee, url in urls.items()} | {
            name.upper(): value if isinstance(value, str) else json.dumps(value)
            for name, value in self.settings.items()}
        return {**named, "INSTANCE": instance, "SERVICE_SETTINGS": ",".join(named)}
