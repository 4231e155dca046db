"""Makes the locks of what comes as jars: ``python -m environments.lock_jars [NAME...]``. It takes Maven and the network.

Maven resolves once, here; whoever runs a lab then fetches exactly these files, without it.
"""

from __future__ import annotations

import hashlib
import subprocess
import sys
import tempfile
from pathlib import Path

from labkit.fetch.catalogue import SOURCES
from labkit.substrates.source import Maven

_POM = """\
<project xmlns="http://maven.apache.org/POM/4.0.0">
  <modelVersion>4.0.0</modelVersion>
  <groupId>lock</groupId><artifactId>{name}</artifactId><version>1</version><packaging>pom</packaging>
  <dependencyManagement><dependencies>{boms}</dependencies></dependencyManagement>
  <dependencies>{wanted}</dependencies>
</project>
"""
_PLUGIN = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy-dependencies"


def main(names: list[str]) -> int:
    """Make the locks of these systems, or of all."""
    for name, sources in SOURCES.items():
        for source in sources:
            if isinstance(source, Maven) and (not names or name in names):
                source.lock.write_text(_lock(source), "utf-8")
                print(f"{source.lock.name}: {len(source.jars)} jars, {sum(jar.size for jar in source.jars) / 1e6:.1f} MB")
    return 0


def _lock(source: Maven) -> str:
    """Its text: a line a file, by path."""
    with tempfile.TemporaryDirectory() as folder:
        pom = Path(folder, "pom.xml")
        boms = "".join(f"<dependency>{_elements(bom)}<type>pom</type><scope>import</scope></dependency>" for bom in source.boms)
        wanted = "".join(f"<dependency>{_elements(one)}</dependency>" for one in (source.coordinates, *source.besides))
        pom.write_text(_POM.format(name=source.name, boms=boms, wanted=wanted), "utf-8")
        jars = Path(folder, "jars")
        subprocess.run(["mvn", "-B", "-q", "-f", pom, _PLUGIN, f"-DoutputDirectory={jars}", "-DincludeScope=runtime",
                        "-Dmdep.useRepositoryLayout=true"], check=True, stdin=subprocess.DEVNULL)
        lines = [f"{hashlib.sha256(jar.read_bytes()).hexdigest()} {jar.stat().st_size} {jar.relative_to(jars)}"
                 for jar in sorted(jars.rglob("*.jar"))]
    made_of = " with ".join([source.coordinates, *source.besides, *source.boms])
    head = [f"# {made_of}; made by python -m environments.lock_jars {source.name}", "# sha256, bytes, path in a Maven repository"]
    return "\n".join([*head, *lines, ""])


def _elements(coordinates: str) -> str:
    group, artifact, version = coordinates.split(":")
    return f"<groupId>{group}</groupId><artifactId>{artifact}</artifactId><version>{version}</version>"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
