"""All that a lab runs: its services, the links between them, and the faults that are on them."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable

from labkit.errors import Closed
from labkit.faults.injection import Injection
from labkit.handles.formation import Formation
from labkit.handles.instance import Instance
from labkit.handles.link import USERS, Link
from labkit.handles.plan import ServicePlan
from labkit.handles.service import Service
from labkit.handles.wiring import Wiring
from labkit.language import Text
from labkit.substrates.substrate import Substrate
from labkit.systems.system import Callee

__all__ = ["USERS", "Fleet"]

_ABSENT = Text("{name} does not run in this lab: run the cell that starts {name} first.",
               "這個實驗裡沒有執行 {name}：請先執行啟動 {name} 的儲存格。")
_CALLEE_ABSENT = Text("{caller} calls {name}, which does not run in this lab: run the cell that starts {name} first.",
                      "{caller} 調用 {name}，但這個實驗裡沒有執行 {name}：請先執行啟動 {name} 的儲存格。")
_EARLIER = Text("This {name} was started in an earlier lab, which is closed: run the cell that starts {name} again.",
                "這個 {name} 是在先前的實驗裡啟動的，那個實驗已經結束：請再執行一次啟動 {name} 的儲存格。")
_EMPTY = Text("{name} has no instance: have one with {name}.scale(1), then load it.",
              "{name} 沒有實例：請先用 {name}.scale(1) 啟動一個，再加負載。")


class Fleet:
    """Starts services by plan and keeps the links pointing at their instances."""

    def __init__(self, substrate: Substrate, wiring: Wiring) -> None:
        self.services: dict[str, Service] = {}
        self.plans: dict[str, ServicePlan] = {}
        self.links: dict[tuple[str, str], Link] = {}
        self.faults: list[Injection] = []
        self.closed = False
        self._handles: dict[str, Service] = {}  # of all services that were ever asked for
        self._substrate, self._wiring = substrate, wiring

    def start(self, plan: ServicePlan) -> Service:
        """Start a service and wait until it answers. One of that name is ended first; its handle stays good."""
        self.require_open()
        for callee in plan.calls:
            self._require_running(callee, plan.name)
        service = self._handles.setdefault(plan.name, Service(plan.name, self.faults.append, self._moved))
        urls = {callee: Callee(self._lead(plan.name, callee, each=plan.sees_each).url, self.services[callee].members)
                for callee in plan.calls}
        service.retire()
        self.services.pop(plan.name, None)
        self.plans.pop(plan.name, None)
        service.system = plan.system
        try:
            formation = Formation(self._substrate, plan, urls)
            service.make, service.members = lambda number: self._instance(service, formation, number), formation.members
            service.scale(plan.instances)
            service.form()
        except BaseException:
            service.retire()
            self._forget_links(plan.name)
            raise
        self.services[plan.name], self.plans[plan.name] = service, plan
        self._forget_links(plan.name, but=plan.calls)
        service.url = self._lead(USERS, plan.name).url
        return service

    def restore(self, plans: Iterable[ServicePlan]) -> None:
        """Run exactly these services, as planned; the ones that already run so are left alone."""
        self.require_open()
        wanted = {plan.name: plan for plan in plans}
        for name in [name for name in self.services if name not in wanted]:
            self.services.pop(name).retire()
            self.plans.pop(name)
        for plan in wanted.values():
            if self.plans.get(plan.name) != plan:
                self.start(plan)

    def link(self, caller: str, callee: str) -> Link:
        """The way from one to the other; an error that lists the links when there is none."""
        self.require_open()
        if (caller, callee) not in self.links:
            raise LookupError(str(Text("{a} does not call {b} in this lab; the links are: {known}.",
                                    "在這個實驗中 {a} 沒有調用 {b}；現有的連線是：{known}。").format(
                                        a=caller, b=callee, known=", ".join(link.name for link in self.links.values()))))
        return self.links[caller, callee]

    def heal(self) -> None:
        """Lift every fault, the others too when one cannot be lifted."""
        with contextlib.ExitStack() as lifts:
            for injection in self.faults:
                lifts.callback(injection.lift)
            self.faults.clear()

    def reset(self) -> None:
        """Lift every fault and start every service anew."""
        self.require_open()
        self.heal()
        for service in self.services.values():
            service.restart()

    def close(self) -> None:
        """The lab ends: its faults are over with it, and its handles know from now on that there is nothing behind them."""
        self.closed = True
        for injection in self.faults:
            injection.over()
        for service in self._handles.values():
            for handle in (service, *service.instances):
                handle.closed = True
        for link in self.links.values():
            link.closed = True

    def require_open(self) -> None:
        """Raise :class:`~labkit.errors.Closed` when the lab is closed."""
        if self.closed:
            raise Closed

    def require(self, service: Service, caller: str | None = None) -> None:
        """An error unless this very service runs here: its cell was not run yet, or in an earlier lab.

        Without a ``caller``, for whom it would be a callee, it needs an instance, too.
        """
        self.require_open()
        self._require_running(service.name, caller)
        if self.services[service.name] is not service:
            raise LookupError(str(_EARLIER.format(name=service.name)))
        if caller is None and not service.instances:
            raise LookupError(str(_EMPTY.format(name=service.name)))

    def _require_running(self, name: str, caller: str | None) -> None:
        if name not in self.services:
            sentence = _CALLEE_ABSENT if caller else _ABSENT
            raise LookupError(str(sentence.format(name=name, caller=caller)))

    def _instance(self, service: Service, formation: Formation, number: int) -> Instance:
        return Instance(formation.name(number), formation.recipe(number), self._substrate, self._wiring, self.faults.append,
                        lambda: self._moved(service))

    def _lead(self, caller: str, callee: str, *, each: bool = False) -> Link:
        """The link from caller to callee, made when it is first asked for; to ``each`` instance of it, or over all."""
        ends = self.services[callee].entries
        link = self.links.get((caller, callee))
        if link is not None and link.each == each:
            link.lead_to(ends)
            return link
        if link is not None:
            link.close()
        link = self.links[caller, callee] = Link(caller, callee, ends, self._wiring, self.faults.append,
                                                 self.plans[callee].scheme, each=each)
        return link

    def _moved(self, service: Service) -> None:
        for (_, callee), link in self.links.items():
            if callee == service.name:
                link.lead_to(service.entries)

    def _forget_links(self, caller: str, but: Iterable[str] = ()) -> None:
        """Links that this service had under an earlier plan, or would have had if it had started, are links no more."""
        for key in [key for key in self.links if key[0] == caller and key[1] not in but]:
            self.links.pop(key).close()
