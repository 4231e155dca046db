"""The system to copy when you add one: replace what is said here of ``cat``, and name it in ``catalogue.py``.

1. Say in the first line of the docstring what it is, and what the book has it for.
2. Settings are fields with defaults. Everything else is fixed: the labs measure the system, not its tuning.
3. ``program``: the image by exact version; the command and files for a :class:`~labkit.substrates.program.Place`, which
   must not mention a port or folder of their own. The true image and the local program get the same. Further ports are
   named in ``ports``; data that must outlast a kill wants ``keeps``; a cluster says ``clustered`` and finds its ``members``
   in the place, with each one's name, host and ports (``etcd.py`` is an example). One that must reach each instance behind
   it says ``sees_each`` (``haproxy.py``), one that is slow to start how many ``start_seconds`` it may take. Where no image
   has the program, ``brings_home`` mounts what ``labkit get`` fetched (``eureka.py``). One that changes its network has a
   ``stack`` of its own, and what its container may do is listed there (``keepalived.py``).
4. ``ready`` and ``version`` ask in the system's own protocol.
5. ``client`` gives its usual Python client; put the package into requirements.in.
6. Copy ``tests/system/systems/test_redis.py``: start it on every substrate, use it, break it, end it.
7. Say in ``environments/offline/images.toml`` of what its image is made without a registry, and have every environment
   bring its program: a test names the one that does not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from labkit.language import Text
from labkit.substrates.program import Program
from labkit.systems.system import System, asked, said

__all__ = ["Template"]


@dataclass(frozen=True)
class Template(System):
    """It is not in the catalogue."""

    name: ClassVar[str] = "template"
    scheme: ClassVar[str] = "tcp"
    purpose: ClassVar[Text] = Text("to be copied", "供複製")
    breaks: ClassVar[Text] = Text("what the labs break in it", "實驗會破壞它的哪裡")
    licence: ClassVar[str] = "MIT"

    def program(self, callees: Mapping[str, str]) -> Program:
        return Program("Template", "template:1.0", "template-server", 4000,
                       version=("--version",), oldest=(1, 0), debian="template-server", brew="template",
                       command=lambda place: ["template-server", f"--listen={place.host}:{place.port}", f"--data={place.folder}",
                                              f"--config={place.config}/template.conf"],
                       files=lambda place: {"template.conf": "answer = yes\n"})

    def ready(self, host: str, port: int, seconds: float) -> bool:
        return asked(host, port, b"ready?\n", b"yes", seconds)

    def version(self, host: str, port: int) -> str:
        return said(host, port, b"version?\n", rb"([\d.]+)")
