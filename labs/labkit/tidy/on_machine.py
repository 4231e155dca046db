"""Labs by what they have on this machine: their folder with its register, and processes that carry their label."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator

import psutil

from labkit.substrates import leftovers, proc
from labkit.tidy.found import FoundLab, FoundProcess, State, moment_of

__all__ = ["labs_on_machine"]


def labs_on_machine() -> list[FoundLab]:
    """Every lab of this user that has a folder or a process here."""
    labelled = _labelled()
    folders = _folders(labelled.values())
    found = [_by_folder(folder, labelled.get(name, [])) for name, folder in folders.items()]
    return [lab for lab in found if lab is not None] + \
        [_by_label(name, pids) for name, pids in labelled.items() if name not in folders and any(map(_is_own, pids))]


def _labelled() -> dict[str, list[int]]:
    """Lab -> pids of the processes that were started for it."""
    found: dict[str, list[int]] = {}
    for pid in proc.all_labelled():
        found.setdefault(proc.environment(pid).get(proc.LABEL, ""), []).append(pid)
    return found


def _is_own(pid: int) -> bool:
    """Root sees everybody's labels."""
    try:
        return os.stat(f"/proc/{pid}").st_uid == os.getuid()
    except OSError:
        return False


def _folders(labelled: Iterable[list[int]]) -> dict[str, str]:
    """Lab -> folder, below this environment's place for them and those that the processes of labs were started with."""
    bases = dict.fromkeys([leftovers.base_folder(), *(_base_of(pid) for pids in labelled for pid in pids)])
    return {name: os.path.join(base, name) for base in bases if leftovers.is_own(base) for name in sorted(os.listdir(base))}


def _base_of(pid: int) -> str:
    return leftovers.base_folder(proc.environment(pid))


def _by_folder(folder: str, pids: list[int]) -> FoundLab | None:
    """None when it has ended in between."""
    register, name = leftovers.read(folder), os.path.basename(folder)
    if register is None:
        return _without_register(name, folder, pids)
    owner, supervisor = register["owner"], register["supervisor"]
    state: State = "left" if leftovers.is_dead(folder) else "alive" if proc.alive(owner["pid"], owner["start"]) else "ending"
    names = {(one["pid"], one["start"]): one["name"] for one in register["processes"]}
    names[supervisor["pid"], supervisor["start"]] = "supervisor"
    return FoundLab(name, state, folder, owner["pid"] or _owner_in(name), moment_of(supervisor["pid"], supervisor["start"]),
                    _processes(pids, names), engines=[register["engine"]["address"]] if register["engine"] else [])


def _without_register(name: str, folder: str, pids: list[int]) -> FoundLab | None:
    """It is just beginning, or was killed when it was."""
    try:
        made = os.stat(folder).st_mtime
    except OSError:
        return None
    return FoundLab(name, "left" if leftovers.is_dead(folder) else "alive", folder, _owner_in(name), made, _processes(pids, {}))


def _by_label(name: str, pids: list[int]) -> FoundLab:
    """The folder is gone, so nobody can say when the owner began: as long as anything has its pid, it is taken for it."""
    processes, owner = _processes(pids, {}), _owner_in(name)
    state: State = "left" if owner is None or proc.start_time(owner) is None else "ending"
    began = min((moment_of(one.pid, one.start) or 0.0 for one in processes), default=None)
    return FoundLab(name, state, None, owner, began, processes)


def _owner_in(name: str) -> int | None:
    """A lab's name begins with its owner's pid."""
    pid = name.partition("-")[0]
    return int(pid) if pid.isdigit() else None


def _processes(pids: Iterable[int], names: dict[tuple[int, str], str]) -> list[FoundProcess]:
    """Those that run: of the register by pid and start time, and all that carry the label."""
    known = [FoundProcess(pid, start, name) for (pid, start), name in names.items()]
    others = [FoundProcess(pid, start, _program(pid)) for pid, start in _started(pids) if (pid, start) not in names]
    return sorted((one for one in [*known, *others] if one.runs), key=lambda one: one.pid)


def _started(pids: Iterable[int]) -> Iterator[tuple[int, str]]:
    for pid in pids:
        start = proc.start_time(pid)
        if start is not None:
            yield pid, start


def _program(pid: int) -> str:
    """What ``ps`` calls it: for readers alone."""
    try:
        return psutil.Process(pid).name()
    except psutil.Error:
        return "?"
