"""environments/devcontainer, opened as an editor opens it: by the dev containers' own CLI, through the link at the root."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest

from tests.support import two_systems
from tests.support.devcontainer import Devcontainer, devcontainer

pytestmark = [pytest.mark.needs("docker engine", "node"), pytest.mark.timeout(900)]


@pytest.fixture(scope="module")
def opened(docker_engine: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Devcontainer]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DOCKER_HOST", docker_engine)
        with devcontainer(tmp_path_factory.mktemp("devcontainer")) as made:
            yield made


def test_the_link_at_the_root_is_where_editors_look(opened: Devcontainer) -> None:
    read = opened.configuration()["configuration"]
    assert read["configFilePath"]["path"].endswith("/book/.devcontainer/devcontainer.json")
    assert read["name"] == "Microservices by Experiment"


def test_the_reader_is_not_root_and_cannot_become_it(opened: Devcontainer) -> None:
    status = dict(line.split(":\t") for line in opened.run("cat", "/proc/self/status").splitlines())
    assert (status["Uid"].split()[0], int(status["CapBnd"], 16), status["NoNewPrivs"]) == ("1000", 0, "1")


def test_all_that_the_editor_is_told_to_use_is_there(opened: Devcontainer) -> None:
    settings = opened.configuration()["configuration"]["customizations"]["vscode"]["settings"]
    said = opened.run(settings["python.defaultInterpreterPath"], "-c", "import jupyterlab, labkit, mini_services; print('found')")
    assert "found" in said
    assert "avalanche_1_collapse.ipynb" in opened.run("ls", "labs/zh-Hant")
    assert re.fullmatch(r"\d+\.\d+\.\d+", opened.run("./run", "lab", "--version").strip())


def test_a_lab_runs_in_it_with_its_systems_as_local_programs(opened: Devcontainer) -> None:
    said = opened.run(".venv/bin/python", "-c", two_systems.CODE)
    assert "Services run as local processes" in said
    assert two_systems.ANSWERED in said
