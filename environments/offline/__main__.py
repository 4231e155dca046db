"""``environments/airgap images`` and ``bundle``: what they are asked for, and what they answer."""

from __future__ import annotations

import argparse
import platform
import sys
from pathlib import Path

import docker
from docker.errors import DockerException

from environments.offline.bundle import RELEASES, bundle
from environments.offline.images import have
from environments.offline.problem import Problem
from labkit.substrates.image_trouble import CannotBuild


def main(arguments: list[str]) -> int:
    """The exit status; a problem is one sentence on standard error."""
    asked = _parser().parse_args(arguments)
    try:
        if asked.verb == "images":
            have(_engine(), asked.names, pull=not asked.make)
        else:
            bundle(asked.file, asked.release, asked.python, platform.machine(), asked.without,
                   None if "images" in asked.without else _engine())
    except (Problem, CannotBuild) as problem:
        print(f"\n{problem}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\nInterrupted; the next call uses what is there.", file=sys.stderr)
        return 130
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="environments/airgap")
    verbs = parser.add_subparsers(dest="verb", required=True)
    images = verbs.add_parser("images", help="have the labs' images on this machine's Docker engine")
    images.add_argument("--make", action="store_true", help="make them of Debian packages, without asking a registry")
    images.add_argument("names", nargs="*", metavar="NAME", help="only these (default: all)")
    pack = verbs.add_parser("bundle", help="pack all that the labs need into one file")
    pack.add_argument("--release", choices=sorted(RELEASES), default="bookworm", help="the room's Debian (default: bookworm)")
    pack.add_argument("--python", action="append", default=[], metavar="VERSION",
                      help="a Python of the room beside its Debian's own, such as 3.12; may be given again")
    pack.add_argument("--without", action="append", default=[], choices=["images", "programs"])
    pack.add_argument("file", nargs="?", type=Path, metavar="FILE", default=Path("microservices-by-experiment.tar"))
    return parser


def _engine() -> docker.DockerClient:
    try:
        client = docker.from_env(timeout=600)
        client.ping()
    except DockerException as error:
        raise Problem("No Docker engine answers. Start it; or pack a bundle --without images, whose labs run as local "
                      f"processes.\n    {error}") from None
    return client


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
