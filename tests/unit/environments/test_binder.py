"""What Binder makes of this checkout, as repo2docker itself says."""

from __future__ import annotations

from contextlib import chdir
from pathlib import Path

import pytest
from repo2docker.buildpacks.base import BuildPack
from repo2docker.buildpacks.python import PythonBuildPack

from tests.support.binder import found
from tests.support.owners import ROOT


@pytest.fixture
def pack() -> BuildPack:
    return found()


def test_repo2docker_finds_the_folder_through_the_link_at_the_root(pack: BuildPack) -> None:
    assert isinstance(pack, PythonBuildPack)
    with chdir(ROOT):
        assert pack.binder_dir == ".binder"
        assert Path(pack.binder_dir).resolve() == ROOT / "environments" / "binder"


def test_it_takes_a_python_that_the_locks_are_for(pack: PythonBuildPack) -> None:
    with chdir(ROOT):
        assert pack.python_version in ("3.11", "3.12", "3.13")


def test_every_step_is_in_what_it_would_build(pack: BuildPack) -> None:
    with chdir(ROOT):
        dockerfile = pack.render({"NB_UID": "1000"})
    assert "apt-get install --yes --no-install-recommends busybox haproxy keepalived mariadb-server nginx-light" in dockerfile
    assert "RUN ./.binder/postBuild" in dockerfile
    assert 'R2D_ENTRYPOINT="${REPO_DIR}/.binder/start"' in dockerfile


def test_nothing_makes_a_folder_where_the_link_must_go(pack: BuildPack) -> None:
    """repo2docker copies requirements.txt and environment.yml ahead of the checkout, each into a folder .binder that it makes."""
    with chdir(ROOT):
        assert pack.get_preassemble_script_files() == {}
