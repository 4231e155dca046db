"""What a universal lock means on one machine, and that every image that is needed can be made."""

from __future__ import annotations

from pathlib import Path

import pytest

from environments.offline.bundle import _needed
from environments.offline.images import IMAGES
from environments.offline.lock import for_linux
from labkit.substrates.image_context import Recipe

LOCK = """# made
both==1.0 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
    # via something
old==2.0 ; python_full_version < '3.12' \\
    --hash=sha256:cc
mac==3.0 ; sys_platform == 'darwin' \\
    --hash=sha256:dd
"""


@pytest.mark.parametrize(("python", "names"), [("3.11", ["both", "old"]), ("3.13", ["both"])])
def test_only_what_the_machine_needs_is_left(tmp_path: Path, python: str, names: list[str]) -> None:
    (tmp_path / "lock.txt").write_text(LOCK, "utf-8")
    lines = for_linux(tmp_path / "lock.txt", python, "x86_64").splitlines()
    assert [line.partition("==")[0] for line in lines if line[:1].isalpha()] == names
    assert "    --hash=sha256:bb" in lines


def test_the_base_of_the_services_image_can_be_made_where_no_registry_is_reached() -> None:
    assert Recipe([]).base in [image.name for image in IMAGES]


def test_every_image_is_pinned_to_an_exact_version() -> None:
    points = {"postgres": 1}  # whose versions have two numbers
    assert [image.name for image in IMAGES if image.version_asked.count(".") != points.get(image.name.partition(":")[0], 2)] == []


def test_a_bundle_has_the_images_of_services_and_of_what_labs_start_and_no_others() -> None:
    needed = _needed()
    assert Recipe([]).base in needed
    kinds = {name: next((kind for kind in ("redis:", "nginx:", "postgres:", "kafka:") if kind in name), "") for name in needed}
    assert {"redis:", "nginx:"} <= set(kinds.values())
    assert not {"postgres:", "kafka:"} & set(kinds.values()), "no lab starts them"
