"""Pack into one file all that the labs need in a room without internet.

The file is a plain tar archive of what the room's cache folder will hold: wheels, Debian packages, images, and before
them the checksums of it all. ``environments/airgap unpack`` is its other half.
"""

from __future__ import annotations

import gzip
import hashlib
import io
import shutil
import subprocess
import tarfile
from collections.abc import Iterable, Sequence
from pathlib import Path

import docker

from environments.offline.images import IMAGES, have
from environments.offline.lock import for_linux
from environments.offline.problem import Problem, say
from environments.offline.programs import PROGRAMS, fetch_programs
from labkit.doctor.used import used_systems
from labkit.substrates import wheels
from labkit.substrates.cache import cache_folder
from labkit.substrates.image import service_image
from labkit.substrates.image_context import LOCK, Recipe
from labkit.systems.programs import programs

__all__ = ["RELEASES", "bundle", "save"]

ROOT = Path(__file__).resolve().parents[2]
LEARNER = ROOT / "requirements.txt"
RELEASES = {"bookworm": "3.11", "trixie": "3.13"}  # Debian's own Python in each


def bundle(file: Path, release: str, pythons: Sequence[str], processor: str, without: Sequence[str],
           client: docker.DockerClient | None) -> None:
    """Fetch what is not there yet and write ``file``; :class:`Problem` says what to do."""
    work = cache_folder() / "airgap"
    work.mkdir(parents=True, exist_ok=True)
    pythons = sorted({RELEASES[release], *pythons})
    pieces = _wheels(pythons, processor, work)
    if "programs" not in without:
        fetch_programs(release, work / f"debs-{release}-{processor}")
        pieces += _named("debs", (work / f"debs-{release}-{processor}").glob("*"))
    if client:
        pieces.append(("airgap/images.tar.gz", _images(client, work)))
    about = {"RELEASE": release, "PROCESSOR": processor, "PYTHONS": " ".join(pythons),
             "PROGRAMS": "" if "programs" in without else " ".join(PROGRAMS),
             "IMAGES": " ".join(_needed()) if client else "",
             "MEGABYTES": str((sum(path.stat().st_size for _, path in pieces) >> 20) + 1)}
    _write(file, pieces, about)


def _named(folder: str, paths: Iterable[Path]) -> list[tuple[str, Path]]:
    return [(f"{folder}/{path.name}", path) for path in sorted(paths) if path.is_file() and path.name != "lock"]


def _wheels(pythons: Sequence[str], processor: str, work: Path) -> list[tuple[str, Path]]:
    """The learner's packages for each Python, and those of the image for services."""
    locks = [(LOCK, Recipe([]).python)]
    for python in pythons:
        lock = work / "learner.txt"
        lock.write_text(for_linux(LEARNER, python, processor), "utf-8")
        locks.append((lock, python))
    return [piece for lock, python in locks for piece in _fetched(lock, python, processor)]


def _fetched(lock: Path, python: str, processor: str) -> list[tuple[str, Path]]:
    say(f"Fetching the packages of {lock.stem} for Python {python}")
    folder = wheels.fetch(lock, python, processor, lambda fetched, of: None)
    return _named(f"wheels/{folder.name}", folder.iterdir())


def _needed() -> list[str]:
    """The images of services and of the systems that labs start; the others would fill the room's disks for nothing."""
    of_systems = {name: program.image for name, program in programs().items()}
    used = {of_systems[name] for name in used_systems()}  # several systems may share one image
    return [image.name for image in IMAGES if image.name in used or image.name not in of_systems.values()]


def _images(client: docker.DockerClient, work: Path) -> Path:
    have(client, _needed())
    service = service_image(client, [ROOT / "labs" / "labkit", ROOT / "mini_services"], lambda text: say(text.en))
    return save(client, [*_needed(), service], work)


def save(client: docker.DockerClient, names: Sequence[str], folder: Path) -> Path:
    """Those images in one compressed file, in which layers that they share are there once."""
    ids = "".join(str(client.images.get(name).id) for name in names)
    kept = folder / f"images-{hashlib.sha256(ids.encode()).hexdigest()[:16]}.tar.gz"
    if not kept.exists():
        say(f"Saving {', '.join(names)}")
        part = kept.with_suffix(".part")
        with subprocess.Popen(["docker", "save", *names], stdout=subprocess.PIPE) as saving, gzip.open(part, "wb", 4) as packed:
            shutil.copyfileobj(saving.stdout or io.BytesIO(), packed, 1 << 20)
        if saving.returncode:
            raise Problem("docker save failed; see above.")
        part.rename(kept)
    return kept


def _write(file: Path, pieces: list[tuple[str, Path]], about: dict[str, str]) -> None:
    """The archive, small things and checksums first; it gets its name when it is whole."""
    free, needed = shutil.disk_usage(file.resolve().parent).free >> 20, int(about["MEGABYTES"])
    if free < needed:
        raise Problem(f"The disk of {file} has {free} MB left, and {needed} are needed. Free some room or name another place.")
    say(f"Writing {file}, {needed} MB")
    sums = "".join(f"{_sum(path)}  {name}\n" for name, path in pieces)
    locks = "".join(f"{_sum(lock)}  {lock.relative_to(ROOT)}\n" for lock in (LEARNER, LOCK))
    settings = "".join(f"{name}={value}\n" for name, value in about.items())
    part = file.with_name(f"{file.name}.part")
    with tarfile.open(part, "w") as tar:
        for name, text in (("airgap/SHA256SUMS", sums), ("airgap/LOCKS", locks), ("airgap/ABOUT", settings)):
            member = tarfile.TarInfo(name)
            member.size = len(text)
            tar.addfile(member, io.BytesIO(text.encode()))
        for name, path in pieces:
            tar.add(path, name)
    part.rename(file)
    for group in sorted({name.partition("/")[0] for name, _ in pieces}):
        sizes = [path.stat().st_size for name, path in pieces if name.startswith(f"{group}/")]
        say(f"  {sum(sizes) >> 20:5d} MB in {len(sizes)} files: {group}")
    say(f"Carry {file} and this checkout to the room; there: environments/airgap unpack {file.name}")


def _sum(path: Path) -> str:
    with path.open("rb") as content:
        return hashlib.file_digest(content, "sha256").hexdigest()
