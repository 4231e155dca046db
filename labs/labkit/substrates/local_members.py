"""Where the instances of a system are on this machine: ports that are held for them, folders that outlast a kill."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import Callable, Sequence
from pathlib import Path

from labkit.substrates.joined import Joined
from labkit.substrates.local_process import LocalProcess
from labkit.substrates.local_program import jar_set
from labkit.substrates.ports import hold
from labkit.substrates.program import Member, Place, Program, script, write_files

__all__ = ["LocalMembers"]

_HERE = "127.0.0.1"
_NOBODY = 65534
_PASSABLE = 0o711


class LocalMembers:
    """The instances of a lab's systems; ``folder`` is the lab's, and ``launch`` starts its helpers."""

    def __init__(self, folder: str, launch: Callable[..., LocalProcess]) -> None:
        self._folder, self._launch = Path(folder), launch
        self._held: dict[str, list[socket.socket]] = {}
        self._joined: dict[str, Joined] = {}  # by the name of a member

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        """Hold ports for each, or a network stack; what an earlier one of that name has kept is removed."""
        if program.stack is not None:
            return self._join(program, names)
        return [self._member(program, name) for name in names]

    def _member(self, program: Program, name: str) -> Member:
        self._release(name)
        shutil.rmtree(self._kept(name), ignore_errors=True)
        held = self._held[name] = [hold() for _ in range(1 + len(program.ports))]
        port, *others = [one.getsockname()[1] for one in held]
        return Member(name, _HERE, port, dict(zip(program.ports, others, strict=True)), f"{_HERE}:{port}")

    def _join(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        for earlier in {id(one): one for one in map(self._joined.get, names) if one}.values():
            earlier.close()
        joined = Joined(self._launch, program, names)
        self._joined.update(dict.fromkeys(names, joined))
        return joined.members

    def settle(self, program: Program, me: Member, members: Sequence[Member], number: int) -> Place:
        """Make the folder in which it runs, with its configuration; one that keeps nothing gets a fresh one."""
        folder = self._kept(me.name) if program.keeps else self._folder / f"{me.name}-{number}"
        config = self._folder / f"{me.name}-{number}.config"
        jars = jar_set(program)
        joined = self._joined.get(me.name) if program.stack else None
        place = Place("0.0.0.0" if joined else _HERE, str(folder), str(config), os.geteuid() == 0 and not program.unprivileged,
                      me, members, str(jars.folder) if jars else program.home, joined.way_out if joined else "")
        folder.mkdir(exist_ok=True)
        write_files(config, program.files(place))
        if program.unprivileged and os.geteuid() == 0:
            os.chown(folder, _NOBODY, _NOBODY)
            for above in (self._folder, self._folder.parent):
                above.chmod(_PASSABLE)
        return place

    def command(self, program: Program, place: Place, path: str) -> list[str]:
        """The program at ``path``, its neighbours on the search path, as nobody where it refuses to run as root."""
        command = list(script(program, place))
        command[command.index(program.executable)] = path
        if program.stack is not None:
            return self._joined[place.me.name].command(place.me, command)
        as_nobody = program.unprivileged and os.geteuid() == 0
        return [*(["setpriv", f"--reuid={_NOBODY}", f"--regid={_NOBODY}", "--clear-groups"] * as_nobody), *command]

    def close(self) -> None:
        """Let the ports go."""
        for name in list(self._held):
            self._release(name)

    def _kept(self, name: str) -> Path:
        return self._folder / f"{name}.kept"

    def _release(self, name: str) -> None:
        for held in self._held.pop(name, []):
            held.close()
