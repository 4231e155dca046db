"""All labs of this user: those of this machine, with what engines have of them, and those that only an engine knows."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from labkit.substrates.engine import is_local
from labkit.substrates.engine_labs import Made, made_for_labs
from labkit.tidy.found import FoundLab
from labkit.tidy.on_engine import by_lab, lab_on_engine
from labkit.tidy.on_machine import labs_on_machine

__all__ = ["Survey", "find_labs"]


@dataclass
class Survey:
    """The labs in the order in which they began, and the engines that are there and did not answer, with the reason."""

    labs: list[FoundLab]
    silent: dict[str, str] = field(default_factory=dict)


def find_labs() -> Survey:
    """Look everywhere."""
    survey = Survey(labs_on_machine())
    for address in _addresses(survey.labs):
        _look_at(address, survey)
    survey.labs.sort(key=lambda lab: lab.began or 0.0)
    return survey


def _addresses(labs: Iterable[FoundLab]) -> list[str]:
    """The engine that a lab would use now, and those that are in registers."""
    from labkit.substrates.find_engine import engine_address

    usual = engine_address()
    return list(dict.fromkeys([*([usual] if is_local(usual) else []), *(address for lab in labs for address in lab.engines)]))


def _look_at(address: str, survey: Survey) -> None:
    users = [lab for lab in survey.labs if address in lab.engines]
    try:
        made = by_lab(made_for_labs(address))
    except OSError as trouble:
        if users or not isinstance(trouble, FileNotFoundError):  # without a socket there is no engine
            survey.silent[address] = trouble.strerror or str(trouble)
        for lab in users:
            lab.silent.append(address)
        return
    known = {lab.name: lab for lab in survey.labs}
    for name, things in made.items():
        if name in known:
            _add(known[name], things, address)
        else:
            survey.labs.append(lab_on_engine(name, things, address))


def _add(lab: FoundLab, made: list[Made], address: str) -> None:
    """One engine may have several addresses, and is then met more than once."""
    known = {one.id for one in lab.made}
    new = [one for one in made if one.id not in known]
    lab.made += new
    if new and address not in lab.engines:
        lab.engines.append(address)
