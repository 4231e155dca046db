"""What a universal lock means on one machine: the lines whose conditions hold there, without the conditions."""

from __future__ import annotations

from pathlib import Path

from packaging.requirements import Requirement

__all__ = ["for_linux"]


def for_linux(lock: Path, python: str, processor: str) -> str:
    """The lines of ``lock`` for a Python ("3.11") on Linux with ``processor`` ("x86_64"), hashes included."""
    machine = {"python_version": python, "python_full_version": f"{python}.0", "platform_machine": processor,
               "sys_platform": "linux", "platform_system": "Linux", "os_name": "posix", "implementation_name": "cpython",
               "platform_python_implementation": "CPython", "extra": ""}
    lines = []
    for line in lock.read_text("utf-8").replace("\\\n", " ").splitlines():
        if line[:1].isalnum():
            text, *hashes = line.split(" --hash=")
            wanted = Requirement(text)
            if wanted.marker is None or wanted.marker.evaluate(machine):
                lines.append(" \\\n    ".join([f"{wanted.name}{wanted.specifier}", *(f"--hash={one.strip()}" for one in hashes)]))
    return "".join(f"{line}\n" for line in lines)
