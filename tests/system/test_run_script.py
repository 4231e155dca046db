"""``./run``: it sets itself up once, mends what was interrupted, and says the one command where it cannot go on."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections import namedtuple
from pathlib import Path
from types import ModuleType

import pytest

from tests.support.checkout import ROOT, Checkout, base_python, make_checkout, make_tools

VERBS = ["lab", "labs", "test", "site", "bench", "soak", "get", "doctor"]
PYTHON = f'exec "{base_python()}" "$@"'
TOO_OLD = 'case "$1" in -V) echo Python 3.9.2 ;; *) exit 1 ;; esac'
NO_VENV = f'case "$*" in *ensurepip*) exit 1 ;; *) {PYTHON} ;; esac'
AS_ROOT = "" if os.geteuid() == 0 else "sudo "


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Checkout:
    """A checkout that was set up once, on a machine with two Pythons that will not do before the one that does."""
    folder = tmp_path_factory.mktemp("book")
    pythons = {"python3.13": TOO_OLD, "python3.12": NO_VENV, "python3": PYTHON}
    checkout = make_checkout(folder, {"PATH": make_tools(folder / "bin", **pythons)})
    first = checkout.run("lab")
    assert first.returncode == 0, first.stderr
    return checkout


@pytest.fixture
def new(tmp_path: Path) -> Checkout:
    """A checkout in which nothing was run yet."""
    return make_checkout(tmp_path, {"PATH": make_tools(tmp_path / "bin", python3=PYTHON)})


def beside(tmp_path: Path, **scripts: str) -> Checkout:
    """A checkout on a machine that has these programs and no other."""
    return make_checkout(tmp_path, {"PATH": make_tools(tmp_path / "bin", **scripts)})


def test_alone_it_lists_its_verbs_in_a_line_each() -> None:
    alone = subprocess.run([ROOT / "run"], capture_output=True, text=True)
    assert alone.returncode == 0
    assert re.findall(r"^  (\w+) {2,}\S", alone.stdout, re.MULTILINE) == VERBS
    assert subprocess.run([ROOT / "run", "help"], capture_output=True, text=True).stdout == alone.stdout


def test_an_unknown_verb_is_refused_and_sets_nothing_up(new: Checkout) -> None:
    refused = new.run("lob")
    assert refused.returncode == 2
    assert 'no verb "lob"' in refused.stderr
    assert not (new.root / ".venv").exists()


def test_it_is_plain_posix_shell() -> None:
    shell = shutil.which("dash") or "sh"
    assert subprocess.run([shell, "-n", ROOT / "run"]).returncode == 0


def test_lab_hands_over_to_jupyterlab_with_its_own_arguments_and_the_readers(book: Checkout) -> None:
    told = book.run("lab", "--port=9999", "two words").stdout.strip().split("|")
    assert told[:2] == ["JupyterLab", "1.0"]
    assert f"--notebook-dir={book.root / 'labs'}" in told
    assert "--LabApp.default_url=/lab/tree/avalanche_1_collapse.ipynb" in told
    assert told[-2:] == ["--port=9999", "two words"]
    assert ("--allow-root" in told) == (os.geteuid() == 0)


def test_doctor_sets_itself_up_and_hands_over_to_the_kit_with_its_status(new: Checkout) -> None:
    kit = new.root / "labs" / "labkit"
    kit.mkdir(parents=True)
    (kit / "__main__.py").write_text("import sys\nprint(sys.prefix, *sys.argv[1:], sep='|')\nsys.exit(1)\n")
    done = new.run("doctor", "--json", "two words")
    assert done.stdout == f"{new.root / '.venv'}|doctor|--json|two words\n", done.stderr
    assert done.returncode == 1


@pytest.mark.skipif(os.uname().sysname != "Linux", reason="elsewhere there always is a display")
def test_without_a_display_no_browser_is_looked_for(book: Checkout) -> None:
    assert "--no-browser" in book.run("lab").stdout
    assert "--no-browser" not in book.run("lab", DISPLAY=":0").stdout


def test_a_second_start_changes_nothing_and_hands_over_at_once(book: Checkout) -> None:
    def state() -> dict[Path, int]:
        paths = (book.root / ".venv").rglob("*")
        return {path: path.stat().st_mtime_ns for path in paths if "__pycache__" not in path.parts}

    before, began = state(), time.monotonic()
    again = book.run("lab", PIP_FIND_LINKS="/nowhere")
    assert again.returncode == 0
    assert time.monotonic() - began < 3
    assert state() == before
    assert "Installing" not in again.stderr


def test_the_checkout_and_its_labs_are_on_the_path(book: Checkout) -> None:
    (book.root / "labs").mkdir()
    program = "import sys; print(*sys.path, sep='\\n')"
    path = subprocess.run([book.root / ".venv/bin/python", "-c", program], capture_output=True, text=True).stdout
    assert {str(book.root), str(book.root / "labs")} <= set(path.splitlines())


def test_a_lock_that_changed_is_installed_at_the_next_start(book: Checkout) -> None:
    book.lock("1.1")
    assert book.run("lab").stdout.startswith("JupyterLab|1.1|")


def test_a_package_that_is_not_the_locked_one_is_refused(book: Checkout) -> None:
    book.lock("1.2", digest="0" * 64)
    refused = book.run("lab")
    assert refused.returncode == 1
    assert "A package is not the one that was locked" in refused.stderr


def test_without_an_index_it_says_so_and_goes_on_from_there_later(book: Checkout) -> None:
    book.lock("1.3")
    lonely = {"PIP_NO_INDEX": "0", "PIP_FIND_LINKS": "", "PIP_INDEX_URL": "http://127.0.0.1:9/", "PIP_RETRIES": "1"}
    refused = book.run("lab", **lonely)
    assert refused.returncode == 1
    assert "No package index was reached. Connect to the network" in refused.stderr
    later = book.run("lab")
    assert later.stdout.startswith("JupyterLab|1.3|")
    assert "Making" not in later.stderr, "nothing was touched, so nothing is made again"


def test_a_start_that_was_killed_is_mended_by_the_next(book: Checkout) -> None:
    book.lock("1.4")
    book.kill_while_installing("lab")
    assert (book.root / ".venv" / ".unfinished").exists()
    mended = book.run("lab")
    assert mended.stdout.startswith("JupyterLab|1.4|"), mended.stderr
    assert "Making" in mended.stderr
    assert not (book.root / ".venv" / ".unfinished").exists()


def test_an_environment_whose_python_has_gone_is_made_again(book: Checkout) -> None:
    (book.root / ".venv" / "bin" / "python").unlink()
    assert book.run("lab").stdout.startswith("JupyterLab|")


def test_a_checkout_that_was_moved_makes_its_environment_again(book: Checkout) -> None:
    book.root = book.root.rename(book.root.parent / "moved")
    moved = book.run("lab")
    assert f"Making {book.root / '.venv'}" in moved.stderr
    assert moved.stdout.startswith("JupyterLab|")


def test_of_two_starts_at_once_one_installs_and_both_go_on(new: Checkout) -> None:
    with new.start("lab") as one, new.start("lab") as other:
        said = [process.communicate(timeout=120) for process in (one, other)]
    assert [out.startswith("JupyterLab|1.0|") for out, _ in said] == [True, True]
    assert sum("Installing" in err for _, err in said) == 1


def test_a_python_too_old_is_named_with_the_command_that_mends_it(tmp_path: Path) -> None:
    knows = 'case "$*" in *3.12*) exit 0 ;; *) exit 1 ;; esac'
    checkout = beside(tmp_path, python3=TOO_OLD, apt_get="exit 1", apt_cache=knows)
    refused = checkout.run("lab")
    assert refused.returncode == 1
    assert "needs Python 3.11 or later, and there is none (python3 is Python 3.9.2)" in refused.stderr
    assert refused.stderr.splitlines()[-1] == \
        f"  {AS_ROOT}apt-get update && {AS_ROOT}apt-get install -y python3.12 python3.12-venv"
    assert not (checkout.root / ".venv").exists()


def test_where_apt_knows_no_newer_python_one_by_hand_is_asked_for(tmp_path: Path) -> None:
    refused = beside(tmp_path, python3=TOO_OLD, apt_get="exit 1", apt_cache="exit 1").run("lab")
    assert refused.stderr.splitlines()[-1] == "  PYTHON=/path/to/python3 ./run lab"


@pytest.mark.parametrize(("manager", "command"), [
    ("apt_get", f"{AS_ROOT}apt-get update && {AS_ROOT}apt-get install -y python3 python3-venv"),
    ("dnf", f"{AS_ROOT}dnf install -y python3"),
    ("brew", "brew install python@3.13"),
])
def test_without_any_python_each_system_is_told_its_own_command(tmp_path: Path, manager: str, command: str) -> None:
    refused = beside(tmp_path, **{manager: "exit 1"}).run("lab")
    assert refused.returncode == 1
    assert refused.stderr.splitlines()[-1] == f"  {command}"


def test_a_missing_venv_module_is_named_with_its_package(tmp_path: Path) -> None:
    refused = beside(tmp_path, python3=NO_VENV, apt_get="exit 1").run("lab")
    assert "python3 cannot make virtual environments: its venv module is missing" in refused.stderr
    assert re.fullmatch(rf"  {AS_ROOT}apt-get update && {AS_ROOT}apt-get install -y python3\.\d+-venv",
                        refused.stderr.splitlines()[-1])


def test_a_python_named_by_hand_must_do(tmp_path: Path) -> None:
    refused = beside(tmp_path, old=TOO_OLD, python3=PYTHON).run("lab", PYTHON="old")
    assert refused.returncode == 1
    assert "PYTHON=old is no Python 3.11 or later" in refused.stderr


def test_test_installs_a_missing_python_itself_and_lab_does_not(tmp_path: Path) -> None:
    python3 = tmp_path / "bin" / "python3"
    write = f"""printf '#!/bin/sh\\n%s\\n' '{PYTHON}' > '{python3}'; chmod +x '{python3}'"""
    install = f'[ "$1" = update ] || {{ {write}; }}'
    sudo = '[ "$1" != -n ] || shift; exec "$@"'
    checkout = beside(tmp_path, apt_get=install, sudo=sudo)
    assert checkout.run("lab").returncode == 1
    assert not python3.exists()
    assert "Installing it" in checkout.run("test").stderr
    assert python3.exists()
    assert (checkout.root / ".venv" / ".made").exists()


def test_a_full_disk_is_seen_before_anything_is_written(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    install = _installer()
    usage = namedtuple("usage", "total used free")(1 << 30, 1 << 30, 1 << 20)
    monkeypatch.setattr(install, "VENV", tmp_path)
    monkeypatch.setattr(install.shutil, "disk_usage", lambda _: usage)
    with pytest.raises(install.CannotInstall, match="1 MiB left, and 900 are needed"):
        install._need_room("requirements")


@pytest.mark.parametrize(("printed", "said"), [
    ("ERROR: Could not install packages: [Errno 28] No space left on device", "The disk is full. Free some room"),
    ("NewConnectionError('Failed to establish a new connection')", "Connect to the network"),
    ("connection broken by 'SSLError(CERTIFICATE_VERIFY_FAILED)'", "PIP_CERT=/path/to/ca.pem"),
    ("error: failed-wheel-build\nFailed building wheel for hdrhistogram", "there is no C compiler"),
    ("something else", "see the lines above"),
])
def test_what_pip_failed_of_is_said_in_a_sentence(printed: str, said: str) -> None:
    explained = _installer()._explained(printed, "requirements")
    assert printed in explained
    assert said in explained


def _installer() -> ModuleType:
    spec = importlib.util.spec_from_file_location("install", ROOT / "environments" / "install.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
