"""The workflows: what actionlint says, every action pinned by a commit, and no right that a job does not need."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.lint.repository import ROOT
from tests.support.node import packages

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
workflows = pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda workflow: workflow.stem)

AS_ROOT = 'sudo --preserve-env env "PATH=$PATH" "HOME=$HOME"'  # some tests take root, and in CI a skipped one is a failure

LINT = ROOT / "tests" / "support" / "actionlint.cjs"


def said(workflow: Path) -> list[str]:
    """What actionlint says of a workflow."""
    program = packages() / "@tktco" / "node-actionlint" / "build" / "run-lint.js"
    done = subprocess.run(["node", str(LINT), str(program), str(workflow)], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return [f"{one['line']}: {one['message']}" for one in json.loads(done.stdout)]


def test_there_is_a_workflow() -> None:
    assert [workflow.name for workflow in WORKFLOWS] == ["book.yml"]


@pytest.mark.needs("node")
@workflows
def test_actionlint_finds_nothing(workflow: Path) -> None:
    assert said(workflow) == []


@pytest.mark.needs("node")
@pytest.mark.parametrize(("right", "wrong", "words"), [
    ("needs: check", "needs: chekc", "chekc"), ("steps.deployment.", "steps.deploiment.", "deploiment"),
    ("contents: read", "contents: all", "contents"), ("runs-on: ubuntu-24.04", "runs-on: ubunto-24.04", "ubunto"),
    ("${{ vars.BOOK_URL }}", "${{ vasr.BOOK_URL }}", "vasr")])
def test_actionlint_would_find_a_mistake(tmp_path: Path, right: str, wrong: str, words: str) -> None:
    broken = tmp_path / "book.yml"
    text = WORKFLOWS[0].read_text("utf-8")
    assert right in text
    broken.write_text(text.replace(right, wrong, 1), "utf-8")
    assert any(words in line for line in said(broken))


@workflows
def test_every_action_is_pinned_by_a_commit_and_says_its_version(workflow: Path) -> None:
    used = re.findall(r"^\s*(?:- )?uses: *(.+)$", workflow.read_text("utf-8"), re.MULTILINE)
    assert used
    assert [one for one in used if not re.fullmatch(r"[\w-]+/[\w/-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+", one)] == []


@workflows
def test_a_job_has_the_rights_that_it_names_and_no_others(workflow: Path) -> None:
    read = parsed(workflow)
    assert read["permissions"] == {}
    assert {name: job["permissions"] for name, job in read["jobs"].items()} == {
        "check": {"contents": "read"}, "images": {"contents": "read"}, "publish": {"pages": "write", "id-token": "write"}}


@workflows
def test_what_is_published_was_checked_and_comes_from_main_alone(workflow: Path) -> None:
    check, publish = (parsed(workflow)["jobs"][name] for name in ("check", "publish"))
    runs = [step["run"] for step in check["steps"] if "run" in step]
    assert runs.index(f"{AS_ROOT} .ci/run") < runs.index("./run site --no-serve")
    assert publish["needs"] == "check"
    assert publish["if"] == "github.ref == 'refs/heads/main' && github.event_name != 'pull_request'"


@workflows
def test_the_labs_run_in_every_environment_on_the_true_images(workflow: Path) -> None:
    steps = [step for step in parsed(workflow)["jobs"]["images"]["steps"] if "env" in step]
    assert [(step["run"], step["env"]) for step in steps] == [
        (f"{AS_ROOT} ./run test tests/system/docker", {"TRUE_IMAGES": "1", "EVERY_LAB": "1"})]


@workflows
def test_the_address_is_derived_from_the_repository_unless_one_is_set(workflow: Path, tmp_path: Path) -> None:
    step, = (step for step in parsed(workflow)["jobs"]["check"]["steps"] if "ASKED" in step.get("env", {}))
    addresses = {("Someone", "book", ""): "https://someone.github.io/book",
                 ("Someone", "someone.github.io", ""): "https://someone.github.io",
                 ("Someone", "book", "https://book.example.org"): "https://book.example.org"}
    for number, ((owner, name, asked), address) in enumerate(addresses.items()):
        told = tmp_path / str(number)
        environment = {"PATH": "/usr/bin:/bin", "OWNER": owner, "NAME": name, "ASKED": asked, "GITHUB_ENV": str(told)}
        subprocess.run(["bash", "-euo", "pipefail", "-c", step["run"]], env=environment, check=True)
        assert told.read_text() == f"BOOK_URL={address}\n"


def parsed(workflow: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(workflow.read_text("utf-8"))
    return read
