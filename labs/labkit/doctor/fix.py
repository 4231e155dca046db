"""``labkit doctor --fix``: mend what takes no more rights than this user has, and show what is done."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

from labkit.doctor.finding import Examination, Finding
from labkit.fetch.trouble import CannotGet
from labkit.language import Text
from labkit.substrates.image_trouble import CannotBuild
from labkit.substrates.packages import as_root

__all__ = ["fix", "left"]

Print = Callable[[str], None]

_DOING = Text("{name}: {command}", "{name}：{command}")
_FAILED = Text("That failed; see above.", "失敗了，原因如上。")
_NOTHING = Text("There is nothing to mend that needs no more rights than you have.", "沒有不需要更高權限就能補上的缺口。")
_LEFT = Text("Left to you: {name}", "留給你：{name}")


def fix(found: Examination) -> None:
    """Do it, each command's own output on standard error, so that standard output is the report's alone."""
    gaps = [gap for gap in found.gaps if gap.fixable]
    if not gaps:
        _say(str(_NOTHING))
    if any(_uses_apt(gap) for gap in gaps):
        _shell(f"{as_root('apt-get')} update")
    for gap in gaps:
        _say(str(_DOING.format(name=gap.name, command=gap.command)))
        if not _mend(gap):
            _say(str(_FAILED))


def left(found: Examination) -> list[str]:
    """What is not here still and has a command, which this user has to give himself."""
    return [f"{_LEFT.format(name=gap.name)}\n  $ {gap.command}" for gap in found.gaps if gap.command]


def _mend(gap: Finding) -> bool:
    if gap.act is None:
        return _shell(gap.command)
    try:
        gap.act(lambda text: _say(f"  {text}"))
    except (CannotBuild, CannotGet) as trouble:
        _say(str(trouble))
        return False
    return True


def _uses_apt(gap: Finding) -> bool:
    return gap.act is None and "apt-get install" in gap.command


def _shell(command: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.run(["sh", "-c", command], stdin=subprocess.DEVNULL, stdout=sys.stderr, env=environment).returncode == 0


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)
