"""All that a lab runs: its services, the links between them, and the faults that are on them."""

from __future__ import annotations

from collections.abc import Iterable

from labkit.faults.injection import Injection
from labkit.handles.instance import Instance
from labkit.handles.link import USERS, Link
from labkit.handles.plan import ServicePlan
from labkit.handles.service import Service
from labkit.handles.wiring import Wiring
from labkit.language import Text
from labkit.substrates.substrate import Substrate

__all__ = ["USERS", "Fleet"]


class Fleet:
    """Starts services by plan and keeps the links pointing at their instances."""

    def __init__(self, substrate: Substrate, wiring: Wiring) -> None:
        self.services: dict[str, Service] = {}
        self.plans: dict[str, ServicePlan] = {}
        self.links: dict[tuple[str, str], Link] = {}
        self.faults: list[Injection] = []
        self._substrate, self._wiring = substrate, wiring

    def start(self, plan: ServicePlan) -> Service:
        """Start a service and wait until it answers. One of that name is ended first; its handle stays good."""
        service = self.services.get(plan.name) or Service(plan.name, self.faults.append, self._moved)
        urls = {callee: self._lead(plan.name, callee).url for callee in plan.calls}
        service.retire()
        self.services.pop(plan.name, None)
        self.plans.pop(plan.name, None)
        service.system = plan.system
        service.make = lambda number: self._instance(service, plan, urls, number)
        service.scale(plan.instances)
        self.services[plan.name], self.plans[plan.name] = service, plan
        self._forget_links(plan)
        service.url = self._lead(USERS, plan.name).url
        return service

    def require(self, service: Service) -> None:
        """An error when this is not a service of this lab (the handle of an earlier one, say), or has no instance."""
        if self.services.get(service.name) is not service:
            raise _not_here(service.name)
        if not service.instances:
            raise LookupError(str(Text("{name} has no instance: have one with {name}.scale(1), then load it.",
                                       "{name} 沒有實例：請先用 {name}.scale(1) 啟動一個，再加負載。"
                                       ).format(name=service.name)))

    def restore(self, plans: Iterable[ServicePlan]) -> None:
        """Run exactly these services, as planned; the ones that already run so are left alone."""
        wanted = {plan.name: plan for plan in plans}
        for name in [name for name in self.services if name not in wanted]:
            self.services.pop(name).retire()
            self.plans.pop(name)
        for plan in wanted.values():
            if self.plans.get(plan.name) != plan:
                self.start(plan)

    def link(self, caller: str, callee: str) -> Link:
        """The way from one to the other; an error that lists the links when there is none."""
        if (caller, callee) not in self.links:
            raise KeyError(str(Text("{a} does not call {b} in this lab; the links are: {known}.",
                                    "在這個實驗中 {a} 沒有調用 {b}；現有的連線是：{known}。").format(
                                        a=caller, b=callee, known=", ".join(link.name for link in self.links.values()))))
        return self.links[caller, callee]

    def heal(self) -> None:
        """Lift every fault."""
        for injection in self.faults:
            injection.lift()
        self.faults.clear()

    def reset(self) -> None:
        """Lift every fault and start every service anew."""
        self.heal()
        for service in self.services.values():
            service.restart()

    def _instance(self, service: Service, plan: ServicePlan, urls: dict[str, str], number: int) -> Instance:
        name = f"{plan.name}-{number}"
        return Instance(name, plan.recipe(urls, name), self._substrate, self._wiring, self.faults.append,
                        lambda: self._moved(service))

    def _lead(self, caller: str, callee: str) -> Link:
        """The link from caller to callee, made when it is first asked for."""
        if callee not in self.services:
            raise _not_here(callee)
        ends = self.services[callee].endpoints
        link = self.links.get((caller, callee))
        if link is None:
            link = self.links[caller, callee] = Link(caller, callee, ends, self._wiring, self.faults.append,
                                                     self.plans[callee].scheme)
        else:
            link.lead_to(ends)
        return link

    def _moved(self, service: Service) -> None:
        for (_, callee), link in self.links.items():
            if callee == service.name:
                link.lead_to(service.endpoints)

    def _forget_links(self, plan: ServicePlan) -> None:
        """Links that this service had under an earlier plan are links no more."""
        for key in [key for key in self.links if key[0] == plan.name and key[1] not in plan.calls]:
            self.links.pop(key).close()


def _not_here(name: str) -> LookupError:
    return LookupError(str(Text("{name} does not run in this lab: run the cell that starts it first.",
                                "這個實驗裡沒有執行 {name}：請先執行啟動它的儲存格。").format(name=name)))
