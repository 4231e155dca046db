"""The code's own checkers: style, types, and imports that point down only."""

from __future__ import annotations

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.lint.repository import ROOT, files, relative

LIGHT = ["labkit.load.engine", "labkit.faults.proxy", "labkit.substrates.serve", "labkit.substrates.supervisor"]
HEAVY = {"matplotlib", "numpy", "ipywidgets", "anywidget", "IPython", "docker", "httpx", "hypothesis", "labkit.lab"}


def _check(*command: str) -> None:
    done = subprocess.run(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        pytest.fail(done.stdout, pytrace=False)


def test_style() -> None:
    _check(sys.executable, "-m", "ruff", "check", "--quiet", ".")


@pytest.mark.timeout(600)
def test_types_are_strict() -> None:
    _check(sys.executable, "-m", "mypy")


def test_imports_point_down_only() -> None:
    _check(sys.executable, "-c", "from importlinter.cli import lint_imports_command as lint; lint()", "--no-cache")


def test_the_patterns_need_nothing_but_the_standard_library() -> None:
    found = {f"{relative(path)}: {module}" for path in files(".py")
             if relative(path).startswith("mini_services/patterns/") for module in _imported(path)}
    assert {line for line in found if line.split(": ")[1].split(".")[0] not in sys.stdlib_module_names
            and ": mini_services.patterns" not in line} == set()


@pytest.mark.parametrize("module", LIGHT)
def test_what_runs_beside_a_lab_stays_light(module: str) -> None:
    program = f"import sys, {module}; sys.exit(', '.join(set(sys.modules) & {HEAVY!r}))"
    done = subprocess.run([sys.executable, "-c", program], stderr=subprocess.PIPE, text=True)
    assert done.stderr.strip() == "", f"{module} imports what only a notebook needs"


@pytest.mark.parametrize("script", ["run", ".ci/run", "environments/lock", "environments/airgap"])
def test_scripts_are_written_in_the_shell_that_they_name(script: str) -> None:
    shell = (ROOT / script).read_text("utf-8").splitlines()[0].split("/")[-1].split()[-1]
    _check(shell, "-n", script)
    if shell == "sh" and shutil.which("dash"):
        _check("dash", "-n", script)


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    return {name.name for node in nodes if isinstance(node, ast.Import) for name in node.names} | \
        {node.module or "." for node in nodes if isinstance(node, ast.ImportFrom)}


def _pages() -> list[str]:
    return [relative(path) for path in files(".py") if relative(path).startswith(("labs/labkit/", "mini_services/"))]


def test_a_file_is_one_page() -> None:
    long = {name: lines for name in _pages() if (lines := len((ROOT / name).read_text("utf-8").splitlines())) > 250}
    assert long == {}, "one concept a file: split these"


def test_a_module_says_what_is_public() -> None:
    silent = [name for name in _pages() if not name.endswith(("__init__.py", "__main__.py")) and not _has_all(name)]
    assert silent == [], "these have no __all__"


def _has_all(name: str) -> bool:
    tree = ast.parse((ROOT / name).read_text("utf-8"))
    targets = [target for node in tree.body if isinstance(node, ast.Assign | ast.AnnAssign)
               for target in (node.targets if isinstance(node, ast.Assign) else [node.target])]
    return any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets)
