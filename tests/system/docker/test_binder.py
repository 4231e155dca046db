"""The labs run as Binder would have them: as an unprivileged user, with 2 GiB of memory, the network gone and no Docker.

The shortest lab that starts a real system runs whole here, beside other tests: where it finds the machine too busy to judge,
it says so and goes on, as on Binder; a claim that fails is a failure. ``EVERY_LAB=1`` (``./run soak --only binder``, and the job
``images`` on GitHub) runs them all with nothing beside, and then each claim has to hold.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import docker
import pytest

from tests.runner import LABS, notebook_options
from tests.support import two_systems
from tests.support.binder import HOME, Binder, binder
from tests.support.owners import ROOT

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(900)]

EVERY_LAB = os.environ.get("EVERY_LAB") == "1"
CHOSEN = LABS if EVERY_LAB else [lab for lab in LABS if lab.stem == "caching_1_copies"]


@pytest.fixture(scope="module")
def machine(docker_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Binder]:
    client = docker.DockerClient(base_url=docker_engine, timeout=600)
    with binder(client, tmp_path_factory.mktemp("binder")) as made:
        yield made
    client.close()


def test_the_reader_is_nobody_in_particular_and_none_of_the_systems_runs_by_itself(machine: Binder) -> None:
    look = "import os, psutil; print(os.getuid(), sorted({p.name() for p in psutil.process_iter()} & {'redis-server', 'nginx'}))"
    assert machine.run(f'python -c "{look}"') == (0, "1000 []\n")


def test_jupyterlab_has_the_settings_of_run_lab_and_the_chinese_notebooks_are_there(machine: Binder) -> None:
    status, said = machine.run("jupyter --paths")
    assert status == 0
    assert said.count(f"{HOME}/environments/jupyter\n") == 2, said
    status, said = machine.run("jupyter labextension list")
    assert "wait-for-kernel" in said, said
    assert machine.run("ls labs/zh-Hant")[1].split() == [lab.name for lab in LABS]


def test_a_lab_says_where_it_runs_and_its_systems_are_local_programs(machine: Binder) -> None:
    status, said = machine.run(f"python - <<'E'{two_systems.CODE}E\n")
    assert status == 0, said
    assert "Services run as local processes" in said
    assert two_systems.ANSWERED in said


@pytest.mark.parametrize("lab", CHOSEN, ids=lambda lab: lab.stem)
def test_a_lab_runs_from_its_first_cell_to_its_last(machine: Binder, lab: Path) -> None:
    options = " ".join(notebook_options()).replace(str(ROOT), HOME)
    strict = "env CI=true " * EVERY_LAB
    status, said = machine.run(f"{strict}python -m pytest --quiet -p no:cacheprovider {options} {lab.relative_to(ROOT)}")
    assert status == 0, said[-4000:]
    assert " passed" in said
    assert not machine.short_of_memory()
