"""Lab: the one entry of a notebook, and the only place where the parts of labkit are wired together."""

from __future__ import annotations

import atexit
import difflib
import importlib.util
import json
import os
import pkgutil
import random
import socket
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Any, Self

from labkit.faults.control import ProxyControl
from labkit.faults.injection import Injection
from labkit.handles.instance import Blueprint, Instance
from labkit.handles.link import Link
from labkit.handles.service import Service
from labkit.language import Text
from labkit.substrates.choose import choose

__all__ = ["Lab"]

USERS = "users"
_LIBRARIES = ("fastapi", "uvicorn", "uvicorn.protocols.http.httptools_impl", "uvicorn.lifespan.on", "httptools",
              "anyio._backends._asyncio", "httpx", "pydantic_settings", "prometheus_client", "labkit.substrates.serve",
              "labkit.faults.proxy", "labkit.load.engine")
_open: list[Lab] = []


class Lab:
    """Starts services, breaks them, loads them, measures them, and leaves nothing behind.

    ``package`` is where ``lab.service("stock")`` finds its module; ``substrate`` says where things run (default:
    ``LABKIT_SUBSTRATE``, else what this machine has); ``seed`` fixes the phase of the loads (default: ``LABKIT_SEED``,
    else drawn anew). Use it as ``with Lab() as lab:`` or call :meth:`close`; whatever happens to the notebook's
    kernel, nothing of the lab survives it by more than two seconds.
    """

    def __init__(self, name: str = "", *, substrate: str | None = None, package: str = "mini_services.shop",
                 seed: int | None = None) -> None:
        _close_others()
        self.began = time.monotonic()
        self.name, self.package = name, package
        self.seed = int(os.environ.get("LABKIT_SEED") or random.randrange(1 << 30)) if seed is None else seed
        self.services: dict[str, Service] = {}
        self.links: dict[tuple[str, str], Link] = {}
        self._faults: list[Injection] = []
        self._peak_memory = self._peak_processes = 0
        self._substrate, self.why = choose(substrate, _LIBRARIES)
        _open.append(self)
        atexit.register(self.close)
        self._substrate.ready()
        self._control = self._start_proxy()
        print(self.why)

    # What runs

    def service(self, name: str, *, app: str | None = None, calls: Service | Iterable[Service] = (), instances: int = 1,
                **settings: Any) -> Service:
        """Start a service and wait until it answers; one line says what runs, in how many seconds.

        ``settings`` become the service's environment (``threads=8`` is ``THREADS=8``); ``calls`` are the services it
        calls, each over a link of its own that a fault can be put on. The same name again starts it anew.
        """
        begin = time.monotonic()
        callees = [calls] if isinstance(calls, Service) else list(calls)
        if name in self.services:
            self.services.pop(name).scale(0)
        links = {callee.name: self._link(name, callee) for callee in callees}
        blueprint = Blueprint(name, app or self._module(name), _environment(settings, links))
        service = Service(name, lambda number: Instance(blueprint, number, self._substrate, self._control,
                                                        self._faults.append, lambda: self._moved(service)),
                          list(links), self._faults.append, self._moved)
        service.scale(instances)
        self.services[name] = service
        service.url = self._link(USERS, service).url
        self._print_started(service, time.monotonic() - begin)
        return service

    def link(self, caller: Service | str, callee: Service | str) -> Link:
        """The way from ``caller`` to ``callee``; ``"users"`` is the caller outside."""
        key = (_name(caller), _name(callee))
        if key not in self.links:
            known = ", ".join(f"{a} -> {b}" for a, b in self.links)
            raise KeyError(str(Text("{a} does not call {b} in this lab; the links are: {known}.",
                                    "在這個實驗中 {a} 沒有調用 {b}；現有的連線是：{known}。"
                                    ).format(a=key[0], b=key[1], known=known)))
        return self.links[key]

    def heal(self) -> None:
        """Lift every fault."""
        for injection in self._faults:
            injection.lift()
        self._faults.clear()

    def reset(self) -> None:
        """Lift every fault and start every service anew: what was waiting in a queue or a pool is gone."""
        self.heal()
        for service in self.services.values():
            service.restart()

    def close(self) -> None:
        """End all of it. Safe to call twice; the last line says what the lab took."""
        if self not in _open:
            return
        _open.remove(self)
        atexit.unregister(self.close)
        self._look_at_memory()
        self._control.close()
        self._substrate.close()
        print(Text("This lab took {seconds:.0f} s and at most {memory:.0f} MiB in {n} processes; nothing of it is left.",
                   "這個實驗用了 {seconds:.0f} 秒，最多 {memory:.0f} MiB、{n} 個進程；現在什麼都沒有留下。").format(
                       seconds=time.monotonic() - self.began, memory=self._peak_memory / 2**20, n=self._peak_processes))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None,
                 trace: TracebackType | None) -> None:
        self.close()

    # The wiring

    def _start_proxy(self) -> ProxyControl:
        here, there = socket.socketpair()
        self._substrate.launch("labkit.faults.proxy:main", {}, [there.fileno()], name="proxy")
        there.close()
        return ProxyControl(here)

    def _link(self, caller: str, callee: Service) -> Link:
        link = self.links.get((caller, callee.name))
        if link is None:
            link = Link(caller, callee.name, callee.addresses, self._control, self._faults.append)
            self.links[caller, callee.name] = link
        else:
            link.lead_to(callee.addresses)
        return link

    def _moved(self, service: Service) -> None:
        for (_, callee), link in self.links.items():
            if callee == service.name:
                link.lead_to(service.addresses)

    def _module(self, name: str) -> str:
        spec = importlib.util.find_spec(self.package)
        known = [module.name for module in pkgutil.iter_modules(spec.submodule_search_locations or [])] if spec else []
        if name not in known:
            near = difflib.get_close_matches(name, known, 1)
            hint = Text(" Did you mean “{near}”?", "是不是「{near}」？").format(near=near[0]) if near else Text("", "")
            raise LookupError(str(Text("There is no service “{name}” in {package}.{hint} It has: {known}.",
                                       "{package} 裡沒有服務「{name}」。{hint}現有的是：{known}。").format(
                                           name=name, package=self.package, hint=hint, known=", ".join(known))))
        return f"{self.package}.{name}:app"

    def _print_started(self, service: Service, seconds: float) -> None:
        memory = sum(stats.memory for stats in service.stats().values()) / 2**20
        self._look_at_memory()
        print(Text("{name}: {n} instance(s) at {url}, ready in {seconds:.2f} s, {memory:.0f} MiB",
                   "{name}：{n} 個實例，位址 {url}，{seconds:.2f} 秒就緒，{memory:.0f} MiB").format(
                       name=service.name, n=len(service.instances), url=service.url, seconds=seconds, memory=memory))

    def _look_at_memory(self) -> None:
        usage = self._substrate.usage()
        self._peak_memory = max(self._peak_memory, usage.memory)
        self._peak_processes = max(self._peak_processes, usage.processes)


def _name(service: Service | str) -> str:
    return service if isinstance(service, str) else service.name


def _environment(settings: Mapping[str, Any], links: Mapping[str, Link]) -> dict[str, str]:
    """Settings as environment variables: names in capitals, values that are no text as JSON."""
    urls = {f"{name.upper()}_URL": link.url for name, link in links.items()}
    return urls | {name.upper(): value if isinstance(value, str) else json.dumps(value)
                   for name, value in settings.items()}


def _close_others() -> None:
    """A set-up cell run twice must not leave the first lab's services running beside the second's."""
    for lab in list(_open):
        print(Text("Another lab was still open in this notebook; it is closed first.",
                   "這份筆記本還有一個實驗沒有結束，先把它關閉。"))
        lab.close()
