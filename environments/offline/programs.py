"""The Debian packages of programs, with all that they stand on, as a folder that apt takes as a source."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from pathlib import Path

from environments.offline.problem import Problem, say

__all__ = ["PROGRAMS", "fetch_programs"]

PROGRAMS = ["python3-venv", "procps", "redis-server", "nginx-light", "haproxy", "keepalived", "busybox", "etcd-server",
            "postgresql", "mariadb-server", "rabbitmq-server", "nats-server", "prometheus", "prometheus-alertmanager",
            "default-jre-headless"]
_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SOURCES = "deb http://deb.debian.org/debian {release} main\ndeb http://deb.debian.org/debian-security {release}-security main\n"


def fetch_programs(release: str, into: Path) -> None:
    """Fill ``into`` with the packages of ``release`` and an index of them. What is there already is not fetched again.

    apt thinks of a machine on which nothing is installed, so whatever the room's machines lack is among them.
    """
    if not shutil.which("apt-get") or not _KEYS.exists():
        raise Problem("Fetching Debian's programs takes apt and Debian's keys (apt-get install -y debian-archive-keyring). "
                      "On another system, pack the bundle --without programs.")
    say(f"Fetching {', '.join(PROGRAMS)} of Debian {release}")
    (into / "partial").mkdir(parents=True, exist_ok=True)
    private = _private_apt(release, into)
    for command in (["update"], ["install", "--download-only", "--yes", "--no-install-recommends", *PROGRAMS]):
        done = subprocess.run(["apt-get", "-qq", *private, *command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True)
        if done.returncode:
            raise Problem("apt could not fetch them. Connect to the network, then call this again; it goes on where it was.\n"
                          f"{done.stdout}")
    packages = sorted(into.glob("*.deb"))
    (into / "Packages").write_text("\n".join(map(_entry, packages)), "utf-8")
    say(f"  {len(packages)} packages, {sum(path.stat().st_size for path in packages) >> 20} MB")


def _private_apt(release: str, into: Path) -> list[str]:
    """Options with which apt leaves this machine's own packages and lists alone."""
    home = into.with_name(f"apt-{release}")
    (home / "lists" / "partial").mkdir(parents=True, exist_ok=True)
    (home / "sources.list").write_text(_SOURCES.format(release=release), "utf-8")
    (home / "status").touch()
    nothing = "/dev/null"
    options = {"Dir::Etc::SourceList": home / "sources.list", "Dir::Etc::SourceParts": nothing, "Dir::Etc::Trusted": _KEYS,
               "Dir::Etc::TrustedParts": nothing, "Dir::Etc::Preferences": nothing, "Dir::Etc::PreferencesParts": nothing,
               "Dir::State": home, "Dir::State::Lists": home / "lists", "Dir::State::status": home / "status",
               "Dir::Cache": home, "Dir::Cache::Archives": into, "APT::Sandbox::User": "", "Debug::NoLocking": "1"}
    return [word for name, value in options.items() for word in ("-o", f"{name}={value}")]


def _entry(package: Path) -> str:
    """The package's paragraph of the index."""
    control = subprocess.run(["dpkg-deb", "--field", package], check=True, capture_output=True, text=True).stdout
    content = package.read_bytes()
    return f"{control}Filename: ./{package.name}\nSize: {len(content)}\nSHA256: {hashlib.sha256(content).hexdigest()}\n"
