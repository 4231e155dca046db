"""How the instances of a service are made; those of a system that forms a cluster know of each other from the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from labkit.handles.plan import ServicePlan
from labkit.handles.recipe import AppRecipe, Recipe, SystemRecipe
from labkit.language import Text
from labkit.substrates.program import Member
from labkit.substrates.substrate import Substrate
from labkit.systems.programs import program_of

__all__ = ["Formation"]

_FIXED = Text("{name} is a cluster, whose members are fixed when it starts: lab.system(\"{kind}\", instances={n}) starts it anew "
              "with {n}.",
              "{name} 是集群，成員在啟動時就固定了：lab.system(\"{kind}\", instances={n}) 會以 {n} 個成員重新啟動。")


class Formation:
    """The instances of one service under one plan; ``urls`` are the addresses of its callees by name."""

    def __init__(self, substrate: Substrate, plan: ServicePlan, urls: Mapping[str, str]) -> None:
        self._substrate, self._plan, self._urls = substrate, plan, urls
        self.members = self._gather(range(1, plan.instances + 1))

    def recipe(self, number: int) -> Recipe:
        """How the instance of this number is started; the first has 1."""
        plan = self._plan
        if plan.system is None:
            return AppRecipe(plan.app, plan.environment(self._urls, self.name(number)))
        if number > len(self.members):
            self._grow(number)
        me = self.members[number - 1]
        return SystemRecipe(plan.system, self._urls, me, self.members if plan.system.clustered else (me,))

    def name(self, number: int) -> str:
        """What the instance of this number is called."""
        return f"{self._plan.name}-{number}"

    def _grow(self, number: int) -> None:
        system = self._plan.system
        if system is not None and system.clustered:
            raise ValueError(str(_FIXED.format(name=self._plan.name, kind=system.name, n=number)))
        self.members = [*self.members, *self._gather(range(len(self.members) + 1, number + 1))]

    def _gather(self, numbers: range) -> Sequence[Member]:
        if self._plan.system is None:
            return ()
        return self._substrate.gather(program_of(self._plan.system, self._urls), [self.name(number) for number in numbers])
