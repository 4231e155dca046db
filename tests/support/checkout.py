"""A small checkout with the real ``run`` and installer, whose only package is a JupyterLab that tells its arguments.

Nothing is fetched: the package is a wheel beside the checkout, and pip is told to look nowhere else.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import signal
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from pathlib import Path

from tests.support.waiting import wait_for

__all__ = ["Checkout", "base_python", "make_checkout", "make_tools"]

ROOT = Path(__file__).resolve().parents[2]
_TOLD = "import sys\nprint('JupyterLab', __import__('jupyterlab').VERSION, *sys.argv[1:], sep='|')\n"


def base_python() -> str:
    """The Python that this one's virtual environment was made of."""
    return str(getattr(sys, "_base_executable", sys.executable))


@dataclass
class Checkout:
    """A folder with ``run`` in it, and what it is run with."""

    root: Path
    wheels: Path
    environment: dict[str, str]

    def run(self, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
        """``./run ARGUMENTS``, from a folder that is not the checkout."""
        with self.start(*arguments, **environment) as process:
            out, err = process.communicate(timeout=120)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def start(self, *arguments: str, **environment: str) -> subprocess.Popen[str]:
        """The same without waiting for it, as a process group of its own."""
        return subprocess.Popen([self.root / "run", *arguments], cwd=self.root.parent, text=True,
                                env=self.environment | environment, start_new_session=True,
                                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE)

    def kill_while_installing(self, *arguments: str) -> None:
        """Start, and kill everything of it the moment that packages are being put in."""
        with self.start(*arguments) as process:
            wait_for((self.root / ".venv" / ".unfinished").exists, "packages are being put in", 60)
            os.killpg(process.pid, signal.SIGKILL)

    def lock(self, version: str, digest: str = "") -> None:
        """Lock JupyterLab in ``version``; a ``digest`` that is not the wheel's makes it one that was tampered with."""
        wheel = _make_wheel(self.wheels, version)
        digest = digest or hashlib.sha256(wheel.read_bytes()).hexdigest()
        (self.root / "requirements.txt").write_text(f"jupyterlab=={version} \\\n    --hash=sha256:{digest}\n")


def make_checkout(folder: Path, environment: dict[str, str]) -> Checkout:
    """A checkout in ``folder``, which may have spaces in its name."""
    root, wheels = folder / "a book", folder / "wheels"
    wheels.mkdir(parents=True)
    (root / "environments").mkdir(parents=True)
    for name in ("run", "environments/install.py"):
        shutil.copy2(ROOT / name, root / name)
    mine = {"PIP_NO_INDEX": "1", "PIP_FIND_LINKS": str(wheels), "PIP_CONFIG_FILE": os.devnull, "HOME": str(folder)}
    checkout = Checkout(root, wheels, mine | environment)
    checkout.lock("1.0")
    return checkout


def make_tools(folder: Path, **scripts: str) -> str:
    """A PATH of one folder: what ``run`` needs of a system, and ``scripts`` by name, each a line of shell."""
    folder.mkdir()
    for name in ("sh", "cat", "dirname", "id", "uname", "mkdir", "chmod", "ln", "true"):
        (folder / name).symlink_to(shutil.which(name) or f"/bin/{name}")
    for name, line in scripts.items():
        script = folder / name.replace("_", "-")
        script.write_text(f"#!/bin/sh\n{line}\n")
        script.chmod(0o755)
    return str(folder)


def _make_wheel(folder: Path, version: str) -> Path:
    wheel = folder / f"jupyterlab-{version}-py3-none-any.whl"
    about = f"jupyterlab-{version}.dist-info"
    files = {"jupyterlab/__init__.py": f"VERSION = {version!r}\n", "jupyterlab/__main__.py": _TOLD,
             f"{about}/METADATA": f"Metadata-Version: 2.1\nName: jupyterlab\nVersion: {version}\n",
             f"{about}/WHEEL": "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"}
    record = "".join(f"{name},,\n" for name in [*files, f"{about}/RECORD"])
    with zipfile.ZipFile(wheel, "w") as archive:
        for name, text in {**files, f"{about}/RECORD": record}.items():
            archive.writestr(zipfile.ZipInfo(name), text)
    return wheel
