"""A set of jars from a Maven repository, each held to its hash in the lock; neither Maven nor a compiler is needed."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, as_completed
from pathlib import Path, PurePosixPath

import httpx

from labkit.fetch.download import Pinned, check, download
from labkit.fetch.report import Report
from labkit.fetch.repository import repository
from labkit.fetch.trouble import NotReached
from labkit.fetch.web import client
from labkit.language import Text
from labkit.substrates.source import Jar, Maven

__all__ = ["fetch_jars"]

_AT_ONCE = 4  # downloads; most of them are small, so a way to and fro is most of their time
_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>get</groupId><artifactId>get</artifactId><version>1</version><packaging>pom</packaging>
  <build><plugins><plugin>
    <groupId>org.apache.maven.plugins</groupId><artifactId>maven-dependency-plugin</artifactId><version>3.8.1</version>
    <configuration><outputDirectory>{folder}</outputDirectory><artifactItems>{items}</artifactItems></configuration>
  </plugin></plugins></build>
</project>
"""
_MAVEN_SECONDS = 1800.0
_BY_MAVEN = Text("{trouble} Maven may know another way: it fetches them now.", "{trouble}Maven 可能知道別的途徑：現在由它下載。")


def fetch_jars(source: Maven, into: Path, report: Report) -> None:
    """Have them all in ``into``; by Maven where the repository answers only to it. :class:`~labkit.fetch.trouble.CannotGet`."""
    jars = source.jars
    report.total(sum(jar.size for jar in jars))
    trouble = _directly(jars, into, report)
    if trouble is not None and shutil.which("mvn"):
        report.say(_BY_MAVEN.format(trouble=trouble.text))
        trouble = None if _by_maven(jars, into) else trouble
    if trouble is not None:
        raise trouble


def _directly(jars: list[Jar], into: Path, report: Report) -> NotReached | None:
    """Several at a time; the first that fails ends the others where they are. What is returned, Maven may know a way around."""
    address, ended = repository(), threading.Event()
    with client() as web, ThreadPoolExecutor(_AT_ONCE) as side_by_side:
        running = [side_by_side.submit(download, web, Pinned(f"{address}/{jar.path}", jar.sha256, jar.size),
                                       into / PurePosixPath(jar.path).name, report, _pausing(ended)) for jar in jars]
        try:
            for one in as_completed(running):
                one.result()
        except BaseException as trouble:
            ended.set()
            side_by_side.shutdown(wait=False, cancel_futures=True)
            if not isinstance(trouble, NotReached):
                raise
            return trouble
    return None


def _pausing(ended: threading.Event) -> Callable[[float], None]:
    """A pause that the end of all cuts short."""
    def pause(seconds: float) -> None:
        if ended.wait(seconds):
            raise httpx.TransportError("another download failed")
    return pause


def _by_maven(jars: list[Jar], into: Path) -> bool:
    """Whether Maven brought every one of them; each is held to the lock."""
    with tempfile.TemporaryDirectory(dir=into) as folder:
        pom, fetched = Path(folder, "pom.xml"), Path(folder, "jars")
        pom.write_text(_POM.format(folder=fetched, items="".join(map(_item, jars))), "utf-8")
        try:
            done = subprocess.run(["mvn", "-B", "-q", "-f", pom, "dependency:copy"], stdin=subprocess.DEVNULL,
                                  stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=_MAVEN_SECONDS).returncode
        except subprocess.TimeoutExpired:
            return False
        if done != 0:
            return False
        for jar in jars:
            place = into / PurePosixPath(jar.path).name
            (fetched / place.name).replace(place)
            check(place, jar.sha256, "Maven")
    return True


def _item(jar: Jar) -> str:
    """A path ``group/.../artifact/version/artifact-version[-classifier].jar`` as Maven's coordinates."""
    *group, artifact, version, file = PurePosixPath(jar.path).parts
    classifier = file.removeprefix(f"{artifact}-{version}").removesuffix(".jar").removeprefix("-")
    said = {"groupId": ".".join(group), "artifactId": artifact, "version": version, "classifier": classifier}
    return "<artifactItem>" + "".join(f"<{name}>{value}</{name}>" for name, value in said.items() if value) + "</artifactItem>"
