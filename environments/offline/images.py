"""Have the images that labs use on this engine: pulled where a registry answers, else made of Debian packages.

A stand-in gets the name that a lab asks for, so the lab takes the same path with it as with the true image: the same
command, the same mounted files. Its labels say what it is and of which lines of images.toml it was made, by which a
changed entry is made anew and an unchanged one is not.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import subprocess
import tarfile
import tempfile
import tomllib
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

import docker
from docker.errors import APIError, BuildError, ImageNotFound

from environments.offline.problem import Problem, say
from labkit.fetch.catalogue import SOURCES
from labkit.fetch.fetch import fetch
from labkit.fetch.report import Report
from labkit.fetch.trouble import CannotGet
from labkit.substrates.source import Source

__all__ = ["IMAGES", "Image", "have", "have_base"]

LABEL = "microservices-by-experiment"
_UNREAD = ("/usr/share/doc/*", "/usr/share/man/*", "/usr/share/info/*", "/usr/share/locale/*")
_NO_DAEMONS = "printf '#!/bin/sh\\nexit 101\\n' > \"$1/usr/sbin/policy-rc.d\" && chmod 755 \"$1/usr/sbin/policy-rc.d\""


@dataclass(frozen=True)
class Image:
    """One entry of images.toml: the name to have, and of what it is made where it cannot be pulled.

    ``before`` and ``run`` are commands before and after its packages are installed. ``get`` names a system whose fetched
    program goes into the folder ``into``, where the true image has it.
    """

    name: str
    suite: str
    packages: list[str]
    command: list[str]
    version: str
    variable: str
    before: list[str] = field(default_factory=list)
    run: list[str] = field(default_factory=list)
    workdir: str = "/"
    ports: list[str] = field(default_factory=list)
    get: str = ""
    into: str = "/usr/local/bin"

    @property
    def base(self) -> str:
        """The name of the Debian system that it stands on."""
        return _base(self.suite)

    @property
    def version_asked(self) -> str:
        """The exact version in its name, "7.2.16"."""
        return self.name.rpartition(":")[2].split("-")[0].removeprefix("v")

    @property
    def fetched(self) -> Source | None:
        """What ``labkit get`` fetches of it, if anything."""
        return SOURCES[self.get][0] if self.get else None

    def made_of(self) -> str:
        """The Dockerfile of the stand-in."""
        install = [*self.before, "apt-get update", f"apt-get install -y {' '.join(self.packages)}", "apt-get clean",
                   "rm -rf /var/lib/apt/lists/*", *self.run]
        ports = f"EXPOSE {' '.join(self.ports)}\n" if self.ports else ""
        fetched = f"COPY {self.fetched.folder.name} {self.into}/\n" if self.fetched else ""
        return (f"FROM {self.base}\nRUN {' && '.join(install)}\n{fetched}"
                f"{ports}WORKDIR {self.workdir}\nCMD {json.dumps(self.command)}\n")


IMAGES = [Image(**entry) for entry in tomllib.loads((Path(__file__).with_name("images.toml")).read_text("utf-8"))["image"]]


def have(client: docker.DockerClient, names: Sequence[str] = (), *, pull: bool = True) -> None:
    """Make each image (by default all) be on the engine; ``pull=False``: without asking a registry. :class:`Problem`."""
    unknown = set(names) - {image.name for image in IMAGES}
    if unknown:
        raise Problem(f"images.toml has no {', '.join(sorted(unknown))}; it has {', '.join(image.name for image in IMAGES)}.")
    lacking = [image for image in IMAGES if (not names or image.name in names) and not _there(client, image)]
    to_make = [image for image in lacking if not (pull and _pulled(client, image))]
    _make_bases(client, sorted({image.suite for image in to_make}))
    for image in to_make:
        _make(client, image)


def have_base(client: docker.DockerClient, suite: str) -> str:
    """The name of the minimal Debian ``suite``, made if it is not on the engine yet. :class:`Problem`."""
    _make_bases(client, [suite])
    return _base(suite)


def _base(suite: str) -> str:
    return f"{LABEL}/base:{suite}"


def _labels(image: Image) -> dict[str, str]:
    made_of = hashlib.sha256(f"{image.made_of()}{image.version}{image.variable}".encode()).hexdigest()[:16]
    return {f"{LABEL}.image": "stand-in", f"{LABEL}.stands-for": image.name, f"{LABEL}.made-of": made_of}


def _there(client: docker.DockerClient, image: Image) -> bool:
    """Whether the engine has the true image, or a stand-in made of this very entry."""
    try:
        labels = client.images.get(image.name).labels
    except ImageNotFound:
        return False
    return f"{LABEL}.image" not in labels or _labels(image).items() <= labels.items()


def _pulled(client: docker.DockerClient, image: Image) -> bool:
    say(f"Pulling {image.name}")
    try:
        client.images.pull(image.name)
    except APIError as error:
        say(f"  not to be had from a registry ({error.explanation or error}), so it is made here of Debian packages")
        return False
    return True


def _make_bases(client: docker.DockerClient, suites: list[str]) -> None:
    """The minimal Debian systems, side by side."""
    lacking = [suite for suite in suites if not client.images.list(_base(suite))]
    if lacking and (os.geteuid() != 0 or not shutil.which("mmdebstrap")):
        raise Problem("Making images takes root and Debian's mmdebstrap. As root: apt-get install -y mmdebstrap "
                      "debian-archive-keyring. On another system, run this where a registry is reached.")
    with ThreadPoolExecutor() as pool:
        systems = list(pool.map(_debian, lacking))
    for suite, system in zip(lacking, systems, strict=True):
        client.api.import_image_from_data(system, repository=f"{LABEL}/base", tag=suite, changes=[f"LABEL {LABEL}.image=base"])


def _debian(suite: str) -> bytes:
    """A minimal Debian system as a tar file."""
    say(f"Making a minimal Debian {suite}; this takes about a minute")
    command = ["mmdebstrap", "--quiet", "--variant=minbase", *(f"--dpkgopt=path-exclude={path}" for path in _UNREAD),
               '--aptopt=APT::Install-Recommends "false"', f"--customize-hook={_NO_DAEMONS}", suite, "-"]
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True)
    if done.returncode:
        raise Problem(f"mmdebstrap could not make Debian {suite}:\n{_tail(done.stderr.decode('utf-8', 'replace'))}")
    return done.stdout


def _make(client: docker.DockerClient, image: Image) -> None:
    """Build the stand-in, ask it for its version, and write that on it."""
    say(f"Making {image.name} of Debian's {', '.join(image.packages)}{' and what labkit get brings' * bool(image.get)}")
    try:
        made = _build(client, image.made_of(), {}, fetched=image.fetched)
        version = client.containers.run(made, ["sh", "-c", image.version], remove=True, labels={LABEL: "version"},
                                        network_mode="none").decode().strip()
        labels = {**_labels(image), f"{LABEL}.version": version}
        _build(client, f"FROM {made}\nENV {image.variable}={version}\n", labels, image.name)
    except BuildError as error:
        raise Problem(f"{image.name} could not be made:\n{_tail(''.join(_lines(error.build_log)))}") from None
    say(f"  it is {'' if image.get else 'Debian’s '}{version}")


def _build(client: docker.DockerClient, dockerfile: str, labels: dict[str, str], tag: str | None = None,
           fetched: Source | None = None) -> str:
    """The id of what was built; apt needs the network, and the host's own is the one that surely works."""
    with tempfile.TemporaryFile() as context:
        _write_context(context, dockerfile, fetched)
        image, _ = client.images.build(fileobj=context, custom_context=True, tag=tag, labels=labels, rm=True,
                                       forcerm=True, network_mode="host")
    return str(image.id)


def _write_context(archive: IO[bytes], dockerfile: str, fetched: Source | None) -> None:
    """What the engine builds from: the Dockerfile, and the folder of what is fetched, which is fetched if it is not here."""
    content = dockerfile.encode()
    with tarfile.open(fileobj=archive, mode="w") as tar:
        member = tarfile.TarInfo("Dockerfile")
        member.size = len(content)
        tar.addfile(member, io.BytesIO(content))
        if fetched:
            _fetch(fetched)
            tar.add(fetched.folder, fetched.folder.name)
    archive.seek(0)


def _fetch(source: Source) -> None:
    """Have it in the cache. :class:`Problem`."""
    try:
        fetch(source, Report(lambda text: say(f"  {text.en}")))
    except CannotGet as trouble:
        raise Problem(str(trouble)) from None


def _lines(log: Iterator[dict[str, Any]]) -> Iterator[str]:
    for entry in log:
        yield entry.get("stream") or entry.get("error") or ""


def _tail(text: str) -> str:
    return "\n".join(f"    {line}" for line in text.splitlines()[-8:])
