"""Where the instances of a system are on a lab's network: hosts by name, volumes that outlast a kill."""

from __future__ import annotations

import io
import ipaddress
import itertools
import tarfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import docker

from labkit.substrates.local_program import brought_home
from labkit.substrates.ports import free_port
from labkit.substrates.program import Member, Place, Program, Shared, write_files

__all__ = ["NONE", "DockerMembers", "Mounts"]

_NO_ENTRY = [""]  # as the engine's own client clears it: the command is run as it is, as on this machine
_DATA, _KEPT, _CONFIG = "/data", "kept", "/config"


@dataclass(frozen=True)
class Mounts:
    """What a container gets from outside: its configuration, a volume for /data, and a port of this machine (None: any).

    ``entry`` is what its image runs the command through; None: as the image says. ``home`` is a folder of this machine, and
    where the container has it. With ``capabilities`` it is root in there, and may do these things and nothing else that root may.
    """

    config: str = ""
    volume: str = ""
    published: int | None = None
    entry: list[str] | None = None
    home: tuple[str, str] = ("", "")
    capabilities: Sequence[str] = ()

    @property
    def binds(self) -> list[str]:
        """As the engine takes them."""
        mounts = [(self.config, _CONFIG, ":ro"), (self.volume, _DATA, ""), (*self.home, ":ro")]
        return [f"{source}:{target}{how}" for source, target, how in mounts if source]

    def tmpfs(self, writable: Mapping[str, str]) -> dict[str, str]:
        """The folders in memory, less the one that is a volume."""
        return {path: options for path, options in writable.items() if not (self.volume and path == _DATA)}

    def prepare(self, client: docker.APIClient, container: str) -> None:
        """Have a folder in the volume that whoever runs in the container may write."""
        if self.volume:
            client.put_archive(container, _DATA, _writable(_KEPT))


NONE = Mounts()


class DockerMembers:
    """The instances of the systems of one lab; ``folder`` is the lab's on this machine.

    ``door`` starts a container by this name that passes on to an address of the network; it gives where it is published.
    """

    def __init__(self, client: Callable[[], docker.APIClient], network: str, labels: Mapping[str, str], folder: str,
                 door: Callable[[str, str], str]) -> None:
        self._client, self._network, self._labels, self._folder = client, network, labels, Path(folder)
        self._door = door
        self._shared: dict[str, Shared] = {}
        self._volumes: dict[str, str] = {}
        self._numbers = itertools.count(1)

    def gather(self, program: Program, names: Sequence[str]) -> Sequence[Member]:
        """Each is known by its name; one that keeps what it writes gets a new volume for that."""
        if program.keeps:
            for name in names:
                self._volumes[name] = self._new_volume(name)
        shared = self._share(names[0], program.ports[program.stack.shared]) if program.stack and names else None
        return [self._member(program, name, free_port() if program.advertises else 0, shared) for name in names]

    def _member(self, program: Program, name: str, port: int, shared: Shared | None) -> Member:
        return Member(name, name, port or program.port, program.ports, f"127.0.0.1:{port}" if port else "", shared)

    def _share(self, name: str, port: int) -> Shared:
        """An address for the system whose first instance is called so: the engine gives out the lowest, so these are the last."""
        if name not in self._shared:
            host = _last(self._client().inspect_network(self._network)["IPAM"]["Config"], len(self._shared))
            self._shared[name] = Shared(host, self._door(f"{name}-door", f"{host}:{port}"), f"{host}:{port}")
        return self._shared[name]

    def settle(self, program: Program, me: Member, members: Sequence[Member], number: int) -> tuple[Place, Mounts]:
        """Write its configuration, and say what to mount."""
        place = Place("0.0.0.0", f"{_DATA}/{_KEPT}" if program.keeps else _DATA, _CONFIG, as_root=False, me=me, members=members,
                      home=program.home)
        config = self._folder / f"{me.name}-{number}"
        write_files(config, program.files(place))
        published = int(me.outside.rpartition(":")[2]) if me.outside else None
        return place, Mounts(str(config), self._volumes[me.name] if program.keeps else "", published, _NO_ENTRY,
                             (brought_home(program), program.home), program.stack.capabilities if program.stack else ())

    def _new_volume(self, name: str) -> str:
        """One of its own: the engine may not have let go of an earlier one yet. All of them end with the lab, by its label."""
        volume = f"{self._network}-{name}-{next(self._numbers)}"
        self._client().create_volume(volume, labels=dict(self._labels))
        return volume


def _last(subnets: Sequence[Mapping[str, str]], taken: int) -> str:
    """The last address of the first subnet of version 4, less those that are taken."""
    found = next(net for net in (ipaddress.ip_network(one["Subnet"]) for one in subnets) if net.version == 4)
    return str(found[-2 - taken])


def _writable(folder: str) -> bytes:
    """A tar file with one folder that everybody may write."""
    archive = io.BytesIO()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        entry = tarfile.TarInfo(folder)
        entry.type, entry.mode = tarfile.DIRTYPE, 0o1777
        tar.addfile(entry)
    return archive.getvalue()
