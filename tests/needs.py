"""What checks need beside Python packages: the one list, and how ``./run test`` comes by it.

A test that cannot do without says ``@pytest.mark.needs("chromium")``. Where that is missing it is skipped and counted;
with ``CI=true`` it fails. Python itself is not here: ``./run`` finds it before there is anything that could read this.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from glob import glob
from pathlib import Path

import httpx

from labkit.fetch.manager import QUIET_INSTALL
from labkit.fetch.repository import repository
from labkit.substrates.java import find_java
from labkit.substrates.joined import refusal
from tests.fetched import FETCHED, is_fetched
from tests.support import docker_compose, docker_engine

__all__ = ["NEEDS", "Need", "browser", "install", "missing"]

_BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_MAC_BROWSER = Path("/Applications/Chromium.app/Contents/MacOS/Chromium")
_DEBIANS_KEYS = Path("/usr/share/keyrings/debian-archive-keyring.gpg")
_SNAP = Path("/snap/bin")  # a browser from there cannot see the folders that tests make


@dataclass(frozen=True)
class Need:
    """A thing that checks need: what for, whether it is here, and what the package managers call it."""

    why: str
    here: Callable[[], bool]
    debian: str
    fedora: str
    brew: str


def browser() -> str | None:
    """The path of a Chromium or Chrome on this machine; None where there is none."""
    found = [path for path in map(shutil.which, _BROWSERS) if path and not Path(path).is_relative_to(_SNAP)]
    found += [str(_MAC_BROWSER)] if _MAC_BROWSER.exists() else []
    return next(iter(found), None) or _playwrights()


def _playwrights() -> str | None:
    """The browser that ``playwright install`` put into the home folder (Ubuntu: its own Chromium is a snap)."""
    caches = (Path.home() / ".cache" / "ms-playwright", Path.home() / "Library" / "Caches" / "ms-playwright")
    patterns = ("chromium-*/chrome-linux*/chrome", "chromium-*/chrome-mac*/*.app/Contents/MacOS/*")
    return next((str(path) for cache in caches for pattern in patterns for path in sorted(cache.glob(pattern))), None)


def _chinese_font() -> bool:
    if sys.platform == "darwin":
        return True
    if not shutil.which("fc-list"):
        return False
    return bool(subprocess.run(["fc-list", ":lang=zh-tw", "family"], capture_output=True, text=True).stdout.strip())


def _node() -> bool:
    """Whether there is a Node that Lighthouse runs on (environments/site/package.json)."""
    if not shutil.which("node"):
        return False
    said = subprocess.run(["node", "--version"], capture_output=True, text=True).stdout
    return [int(part) for part in re.findall(r"\d+", said)[:2]] >= [18, 20]


def _if_root(packages: str) -> str:
    """An engine of one's own takes root to run, so installing it helps nobody else."""
    return packages if os.geteuid() == 0 else ""


def _program(*names: str) -> Callable[[], bool]:
    """Whether a program is here, with others that it needs, where daemons lie too."""
    places = os.pathsep.join([os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"])
    return lambda: all(shutil.which(name, path=places) for name in names)


def _either(*names: str) -> Callable[[], bool]:
    """Whether a program is here by one of its names."""
    return lambda: any(_program(name)() for name in names)


def _debians(pattern: str) -> Callable[[], bool]:
    """Whether a program is here that Debian keeps off the path."""
    return lambda: bool(glob(pattern))


def _registries() -> bool:
    """Whether this machine reaches the package registries; Maven's stands for all."""
    try:
        httpx.head(f"{repository()}/org/apache/maven/maven-metadata.xml", timeout=10)
    except httpx.HTTPError:
        return False
    return True


NEEDS = {
    "redis": Need("is the cache of the labs as a local process", _program("redis-server"), "redis-server", "redis", "redis"),
    "nginx": Need("is the proxy of the labs as a local process", _program("nginx"), "nginx-light", "nginx", "nginx"),
    "haproxy": Need("is the balancer of the labs as a local process", _program("haproxy"), "haproxy", "haproxy", "haproxy"),
    "keepalived": Need("moves the shared address of the labs as a local process", _program("keepalived", "busybox"),
                       "keepalived busybox", "keepalived busybox", ""),
    "network stacks": Need("are what the members of Keepalived get as local processes", lambda: refusal() is None,
                           "iproute2", "iproute", ""),
    "etcd": Need("is the registry of the labs as a local process", _program("etcd"), "etcd-server", "etcd", "etcd"),
    "postgresql": Need("is the database of the labs as a local process", _debians("/usr/lib/postgresql/*/bin/postgres"),
                       "postgresql", "postgresql-server", "postgresql@17"),
    "mariadb": Need("is a database of the labs as a local process", _program("mariadbd"), "mariadb-server", "mariadb-server",
                    "mariadb"),
    "rabbitmq": Need("is the broker of the labs as a local process", _program("rabbitmq-server"), "rabbitmq-server",
                     "rabbitmq-server", "rabbitmq"),
    "nats": Need("is the event bus of the labs as a local process", _program("nats-server"), "nats-server", "nats-server",
                 "nats-server"),
    "prometheus": Need("is the monitoring of the labs as a local process", _program("prometheus"), "prometheus",
                       "golang-github-prometheus", "prometheus"),
    "alertmanager": Need("tells of alerts in the labs as a local process", _either("alertmanager", "prometheus-alertmanager"),
                         "prometheus-alertmanager", "golang-github-prometheus-alertmanager", "alertmanager"),
    "java": Need("runs the systems that come as jars", lambda: find_java(17) is not None,
                 "default-jre-headless", "java-latest-openjdk-headless", "openjdk"),
    "registries": Need("give programs to “labkit get”", _registries, "", "", ""),
    "docker engine": Need("runs labs in containers, with images made here of Debian packages", docker_engine.available,
                          _if_root("docker.io mmdebstrap debian-archive-keyring"), "", ""),
    "debian's keys": Need("holds what is fetched for a room without internet to Debian's signatures",
                          lambda: _DEBIANS_KEYS.exists(), "debian-archive-keyring", "", ""),
    "docker compose": Need("starts JupyterLab in a container as a reader does",
                           lambda: docker_compose.command() is not None, _if_root("docker-compose"), "", ""),
    "chromium": Need("opens the site and JupyterLab as a reader does", lambda: browser() is not None,
                     "chromium", "chromium", "chromium"),
    "chinese font": Need("draws the Chinese edition as a reader sees it", _chinese_font,
                         "fonts-noto-cjk fontconfig", "google-noto-sans-cjk-fonts fontconfig", ""),
    "node": Need("runs Lighthouse and axe-core, which judge the site's pages", lambda: _node() and shutil.which("npm") is not None,
                 "nodejs npm", "nodejs npm", "node"),
    "git": Need("says which files belong to the book", lambda: shutil.which("git") is not None, "git", "git", "git"),
    **{name: Need("is a system of the labs that “labkit get” brings", is_fetched(name), "", "", "") for name in FETCHED},
}


def install() -> None:
    """Install what is missing where that is allowed, else say the one command; not what is fetched (:mod:`tests.fetched`)."""
    lacking = {name: need for name, need in NEEDS.items() if name not in FETCHED and not need.here()}
    if lacking:
        commands = _commands(list(lacking.values()))
        for name, need in lacking.items():
            print(f"Missing: {name}, which {need.why}.", flush=True)
        if commands and _allowed():
            environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
            for command in commands:
                print("Installing it:", " ".join(command), flush=True)
                subprocess.run(command, stdin=subprocess.DEVNULL, env=environment)
            docker_compose.command.cache_clear()  # it was not here when it was looked for
        elif commands:
            print("This installs it:\n  " + " && ".join(" ".join(command) for command in commands), flush=True)


def missing() -> list[str]:
    """What is missing now, each with what it is for."""
    return [f"{name}, which {need.why}" for name, need in NEEDS.items() if not need.here()]


def _commands(missing: list[Need]) -> list[list[str]]:
    """What installs them on this system, one command after the other."""
    sudo = [] if os.geteuid() == 0 else ["sudo"]
    if shutil.which("apt-get"):
        ubuntu = "ID=ubuntu" in Path("/etc/os-release").read_text("utf-8").split()
        own = [need for need in missing if not (ubuntu and need is NEEDS["chromium"])]
        names = [name for need in own for name in need.debian.split()]
        packages = [[*sudo, "apt-get", "update"],
                    [*sudo, "sh", "-c", QUIET_INSTALL, "sh", *names]]
        playwright = [[sys.executable, "-m", "playwright", "install", "--with-deps", "chromium"]]
        return packages * bool(names) + playwright * (len(own) < len(missing))
    if shutil.which("dnf"):
        names = [name for need in missing for name in need.fedora.split()]
        return [[*sudo, "dnf", "install", "-y", *names]] if names else []
    names = [name for need in missing for name in need.brew.split()]
    return [["brew", "install", *names]] if names and shutil.which("brew") else []


def _allowed() -> bool:
    """Whether system packages can be installed here without asking anybody for a password."""
    if not shutil.which("apt-get"):
        return False
    if os.geteuid() == 0:
        return True
    return bool(shutil.which("sudo")) and subprocess.run(["sudo", "-n", "true"], capture_output=True).returncode == 0
