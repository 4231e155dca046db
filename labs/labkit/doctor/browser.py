"""A browser in which JupyterLab opens; without one it prints its address."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

from labkit.doctor.finding import Finding
from labkit.language import Text
from labkit.substrates.packages import install_command

__all__ = ["browser"]

_NAMES = {"chromium": "Chromium", "chromium-browser": "Chromium", "google-chrome": "Chrome", "google-chrome-stable": "Chrome",
          "firefox": "Firefox", "firefox-esr": "Firefox"}
_APPS = {"Google Chrome": "Chrome", "Firefox": "Firefox", "Chromium": "Chromium", "Safari": "Safari"}
_SECONDS = 10.0
_NUMBER = re.compile(r"\d+(?:\.\d+)+")
_NAME = Text("Browser", "瀏覽器")
_NONE = Text("none found: JupyterLab prints its address, to be opened elsewhere", "沒有找到：JupyterLab 會印出位址，供其他地方開啟")
_NO_SCREEN = Text("none, nor a display: JupyterLab prints its address, to be opened elsewhere",
                  "沒有瀏覽器也沒有螢幕：JupyterLab 會印出位址，供其他地方開啟")


def browser() -> Finding:
    """The first that is found. Where there is no display none is needed."""
    found = _found()
    if found:
        path, name = found
        number = _version(path)
        said = f"{name} {number}".rstrip()
        return Finding("browser", _NAME, "here", Text(said, said), facts={"name": name, "version": number or None, "path": path})
    facts = {"name": None, "version": None, "path": None}
    if sys.platform == "linux" and not (os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY")):
        return Finding("browser", _NAME, "here", _NO_SCREEN, facts=facts)
    return Finding("browser", _NAME, "lacking", _NONE, install_command(debian="chromium", fedora="chromium", brew="--cask firefox"),
                   facts)


def _found() -> tuple[str, str] | None:
    """Its path and what it is called."""
    paths = [(path, name) for command, name in _NAMES.items() if (path := shutil.which(command))]
    if sys.platform == "darwin":
        apps = [(Path("/Applications", f"{app}.app", "Contents", "MacOS", app), name) for app, name in _APPS.items()]
        paths += [(str(path), name) for path, name in apps if path.exists()]
    return next(iter(paths), None)


def _version(path: str) -> str:
    """The number that it prints of itself; none for one that says nothing in time."""
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True, timeout=_SECONDS, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    found = _NUMBER.search(told.stdout)
    return found[0] if found else ""
