"""What the services' image is built of, and the digest by which an unchanged one is not built again."""

from __future__ import annotations

import hashlib
import io
import tarfile
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

__all__ = ["DOCKERFILE", "LOCK", "Recipe"]

_DOCKER = Path(__file__).resolve().parents[3] / "environments" / "docker"
DOCKERFILE, LOCK = _DOCKER / "service.Dockerfile", _DOCKER / "service.txt"


@dataclass(frozen=True)
class Recipe:
    """The Dockerfile, the lock, and the packages of this book that services import."""

    packages: Sequence[Path]
    dockerfile: Path = DOCKERFILE
    lock: Path = LOCK

    @property
    def base(self) -> str:
        """The image that it stands on: what the Dockerfile's FROM names."""
        lines = self.dockerfile.read_text("utf-8").splitlines()
        return next(line.split()[1] for line in lines if line.startswith("FROM "))

    @property
    def python(self) -> str:
        """The base's Python ("3.13"), as its name says."""
        return ".".join(self.base.partition(":")[2].split("-")[0].split(".")[:2])

    def digest(self) -> str:
        """Changes with any file of the image."""
        digest = hashlib.sha256()
        for name, path in self._files():
            content = path.read_bytes()
            digest.update(f"{name}\0{len(content)}\0".encode() + content)
        return digest.hexdigest()[:16]

    def context(self, wheels: Path) -> IO[bytes]:
        """The build context, a tar file. Times and owners are left out, so that equal files make equal layers."""
        spooled = tempfile.TemporaryFile()  # noqa: SIM115 - whoever asked for it closes it
        with tarfile.open(fileobj=spooled, mode="w") as tar:
            for name, path in [*self._files(), *((f"wheels/{path.name}", path) for path in sorted(wheels.glob("*.whl")))]:
                content = path.read_bytes()
                member = tarfile.TarInfo(name)
                member.size, member.mode = len(content), 0o644
                tar.addfile(member, io.BytesIO(content))
        spooled.seek(0)
        return spooled

    def _files(self) -> Iterator[tuple[str, Path]]:
        yield "Dockerfile", self.dockerfile
        yield "service.txt", self.lock
        for package in self.packages:
            for path in sorted(package.rglob("*")):
                parts = path.relative_to(package).parts
                if path.is_file() and not any(part == "__pycache__" or part.startswith(".") for part in parts):
                    yield "/".join(("book", package.name, *parts)), path
