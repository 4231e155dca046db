"""How the labs start a program on Java: small, and quick to start rather than fast in the long run."""

from __future__ import annotations

from collections.abc import Sequence

from labkit.substrates.program import Place

__all__ = ["java"]


def java(place: Place, main: str, *arguments: str, heap: int, options: Sequence[str] = (),
         folders: Sequence[str] = ()) -> list[str]:
    """The command for the class ``main`` of the jars in the place's home, with ``heap`` MiB at most for its objects.

    ``folders`` are those below home where the image has more of the jars.
    """
    jars = ":".join([f"{place.home}/*", *(f"{place.home}/{folder}/*" for folder in folders)])
    return ["java", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Xms32m", f"-Xmx{heap}m", *options,
            "-cp", jars, main, *arguments]
