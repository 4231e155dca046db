"""Which Maven repository to ask: the one that this machine was told, else Maven Central."""

from __future__ import annotations

import os
import re
from pathlib import Path
from xml.etree import ElementTree

__all__ = ["CENTRAL", "repository"]

CENTRAL = "https://repo.maven.apache.org/maven2"
_NAMED = re.compile(r"\$\{env\.(\w+)\}")


def repository() -> str:
    """``LABKIT_MAVEN``, or the mirror of Maven Central in ``~/.m2/settings.xml``, or Maven Central; no "/" at the end."""
    return (os.environ.get("LABKIT_MAVEN") or _mirror(Path.home() / ".m2" / "settings.xml") or CENTRAL).rstrip("/")


def _mirror(settings: Path) -> str:
    """The first that stands for Maven Central; "" where there is none, or nobody can read it."""
    try:
        root = ElementTree.parse(settings).getroot()
    except (OSError, ElementTree.ParseError):
        return ""
    for mirror in root.iterfind("{*}mirrors/{*}mirror"):
        said = {child.tag.rpartition("}")[2]: (child.text or "").strip() for child in mirror}
        if _is_of_central(said.get("mirrorOf", "")) and said.get("url", "").startswith("http") and said.get("blocked") != "true":
            return _NAMED.sub(lambda name: os.environ.get(name[1], ""), said["url"])
    return ""


def _is_of_central(pattern: str) -> bool:
    """As Maven reads it: names with commas, "!" before one that is left out, "*" and "external:*" for all others."""
    names = {name.strip() for name in pattern.split(",")}
    return "!central" not in names and bool(names & {"central", "*", "external:*"})
