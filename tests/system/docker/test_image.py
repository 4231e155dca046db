"""The image in which services run, on a real engine."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import docker
import pytest

from labkit.language import Text
from labkit.substrates.image import image_of, service_image
from labkit.substrates.image_context import DOCKERFILE, Recipe
from labkit.substrates.image_trouble import CannotBuild
from tests.support.owners import ROOT

pytestmark = [pytest.mark.needs("docker engine"), pytest.mark.timeout(900)]
PACKAGES = [ROOT / "labs" / "labkit", ROOT / "mini_services"]
CONFINED: dict[str, Any] = {
    "read_only": True, "cap_drop": ["ALL"], "security_opt": ["no-new-privileges"], "network_mode": "none", "init": True,
    "remove": True, "entrypoint": "python", "labels": {"microservices-by-experiment.test": "image"}}


def _quiet(_: Text) -> None:
    pass


@pytest.fixture
def image(docker_client: docker.DockerClient) -> str:
    return service_image(docker_client, PACKAGES, _quiet)


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A package of one small service, which a test may change."""
    folder = tmp_path / "tiny_services"
    folder.mkdir()
    (folder / "__init__.py").write_text(f"PLACE = {str(tmp_path)!r}\n", "utf-8")
    return folder


def _run(client: docker.DockerClient, image: str, program: str) -> str:
    return str(client.containers.run(image, ["-c", program], **CONFINED).decode()).strip()


def test_a_service_is_imported_by_an_unprivileged_user_on_a_read_only_root(docker_client: docker.DockerClient, image: str) -> None:
    program = "import os, mini_services.shop.orders, labkit.substrates.serve, labkit.faults.proxy; print(os.getuid(), os.getgid())"
    assert _run(docker_client, image, program) == "65534 65534"


def test_nothing_is_compiled_again_when_a_container_starts(docker_client: docker.DockerClient, image: str) -> None:
    program = """
import importlib._bootstrap_external as loader
def compiling(data, path, *rest, **options):
    raise SystemExit(f"compiled at the start: {path}")
loader.SourceLoader.source_to_code = compiling
import mini_services.shop.orders, mini_services.shop.storefront, labkit.substrates.serve, labkit.faults.proxy
print("all were compiled")"""
    assert _run(docker_client, image, program) == "all were compiled"


def test_any_module_of_the_image_can_be_the_command(docker_client: docker.DockerClient, image: str) -> None:
    options = {name: value for name, value in CONFINED.items() if name != "entrypoint"}
    assert docker_client.containers.run(image, ["platform"], **options).startswith(b"Linux-")


def test_an_unchanged_image_is_not_built_again(docker_client: docker.DockerClient, image: str) -> None:
    steps: list[Text] = []
    assert service_image(docker_client, PACKAGES, steps.append) == image
    assert steps == []


def test_a_changed_source_makes_another_image_on_the_same_packages(docker_client: docker.DockerClient, package: Path) -> None:
    first = service_image(docker_client, [package], _quiet)
    (package / "__init__.py").write_text("PLACE = 'changed'\n", "utf-8")
    steps: list[Text] = []
    second = service_image(docker_client, [package], steps.append)
    try:
        layers = [docker_client.images.get(name).attrs["RootFS"]["Layers"] for name in (first, second)]
        assert first != second
        assert layers[0][:-2] == layers[1][:-2], "the packages were put in place again"
        assert _run(docker_client, second, "import tiny_services; print(tiny_services.PLACE)") == "changed"
        assert "adding the services" in "".join(step.en for step in steps)
        assert "加入服務的程式" in "".join(step.zh for step in steps)
    finally:
        for name in (first, second):
            docker_client.images.remove(name)


def test_a_build_leaves_no_container_and_takes_no_image_of_anybody_else(docker_client: docker.DockerClient, package: Path) -> None:
    before = {tag for found in docker_client.images.list() for tag in found.tags}
    made = service_image(docker_client, [package], _quiet)
    after = {tag for found in docker_client.images.list() for tag in found.tags}
    docker_client.images.remove(made)
    assert after - before == {made}
    assert before - after == set()
    assert docker_client.containers.list(all=True, filters={"ancestor": made}) == []


def test_a_base_that_no_registry_gives_is_a_sentence_with_the_remedy(
        docker_client: docker.DockerClient, package: Path, tmp_path: Path) -> None:
    nowhere = tmp_path / "Dockerfile"
    base = Recipe([package]).base
    nowhere.write_text(DOCKERFILE.read_text("utf-8").replace(base, "127.0.0.1:9/python:3.13"), "utf-8")
    with pytest.raises(CannotBuild, match=r"The image 127\.0\.0\.1:9/python:3\.13 is not on this machine.*environments/airgap"):
        image_of(docker_client, replace(Recipe([package]), dockerfile=nowhere), _quiet)


def test_packages_that_no_index_gives_are_a_sentence_with_the_remedy(
        docker_client: docker.DockerClient, package: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"PIP_INDEX_URL": "http://127.0.0.1:9/simple", "PIP_RETRIES": "0", "PIP_NO_CACHE_DIR": "1",
                        "PIP_CONFIG_FILE": "/dev/null", "XDG_CACHE_HOME": str(tmp_path)}.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(CannotBuild, match="No package index was reached"):
        service_image(docker_client, [package], _quiet)


def test_an_instruction_that_fails_is_told_with_its_last_lines(
        docker_client: docker.DockerClient, package: Path, tmp_path: Path) -> None:
    broken = tmp_path / "Dockerfile"
    broken.write_text(DOCKERFILE.read_text("utf-8").replace('"compileall"', '"no_such_module"'), "utf-8")
    with pytest.raises(CannotBuild, match=r"(?s)refused to build.*No module named no_such_module"):
        image_of(docker_client, replace(Recipe([package]), dockerfile=broken), _quiet)
