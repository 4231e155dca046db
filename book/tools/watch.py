"""Build the site again whenever its sources change, until somebody ends it.

A change is seen by looking at the files' times twice a second, which works on every system and shared folder. The build
is a process of its own: it uses today's tools and extensions, and no lab is run.
"""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from book.tools.execute import needs_run
from book.tools.runs import kit_digest
from book.tools.tree import Tree

__all__ = ["Sources", "watch"]

_PAUSE = 0.5  # seconds between two looks
_SKIPPED = {"__pycache__", ".ipynb_checkpoints", "zh-Hant"}
_MADE = {".mo", ".part"}  # written by the build beside its sources

State = dict[Path, tuple[int, int]]


class Sources:
    """The files that the site is made of, and which of them changed since they were last asked for."""

    def __init__(self, tree: Tree) -> None:
        self._tree, self._known = tree, State()
        self.changed()

    def changed(self) -> list[str]:
        """The files that are new, gone or different since the last call, by name."""
        now = dict(self._look())
        different = {file for file, _ in self._known.items() ^ now.items()}
        self._known = now
        return sorted(str(file.relative_to(self._tree.root)) for file in different)

    def _look(self) -> Iterator[tuple[Path, tuple[int, int]]]:
        tree = self._tree
        yield from _entries([tree.config, tree.toc])
        for folder in (tree.root / "book", tree.root / "labs", tree.root / "mini_services", tree.records, tree.executed):
            for path, folders, files in os.walk(folder):
                folders[:] = [name for name in folders if name not in _SKIPPED]
                yield from _entries(Path(path) / name for name in files if Path(name).suffix not in _MADE)


def watch(tree: Tree, sources: Sources, options: Sequence[str]) -> None:
    """Build ``tree`` again after each change, until Ctrl-C; ``options`` are those of ``book/build.py``."""
    with contextlib.suppress(KeyboardInterrupt):
        while True:
            time.sleep(_PAUSE)
            changed = sources.changed()
            while changed and (more := _after_a_pause(sources)):
                changed = sorted({*changed, *more})  # somebody is still saving
            if changed:
                _build_again(tree, changed, options)
    print()


def _after_a_pause(sources: Sources) -> list[str]:
    time.sleep(_PAUSE / 2)
    return sources.changed()


def _build_again(tree: Tree, changed: list[str], options: Sequence[str]) -> None:
    few = ", ".join(changed[:3]) + (f" and {len(changed) - 3} more" if len(changed) > 3 else "")
    print(f"\n{few} changed.", flush=True)
    if _build(tree, options):
        print("Reload the page to see it.", flush=True)
    else:
        print("Once that is mended, it is built again.", flush=True)
    if any(name.startswith(("labs", "mini_services")) for name in changed):
        _say_which_labs_are_due(tree)


def _say_which_labs_are_due(tree: Tree) -> None:
    kit = kit_digest(tree)
    for lab in tree.labs():
        if needs_run(tree, lab, kit):
            print(f"{lab.name}: code has changed since it was run; starting `./run site` anew runs it again.", flush=True)


def _build(tree: Tree, options: Sequence[str]) -> bool:
    """One build, in a group of its own so that all of it ends when this ends."""
    command = [sys.executable, str(tree.root / "book" / "build.py"), "--no-labs", "--no-serve", *options]
    build = subprocess.Popen(command, cwd=tree.root, stdin=subprocess.DEVNULL, start_new_session=True)
    try:
        return build.wait() == 0
    finally:
        if build.poll() is None:
            os.killpg(build.pid, signal.SIGTERM)
            build.wait()


def _entries(files: Iterator[Path] | list[Path]) -> Iterator[tuple[Path, tuple[int, int]]]:
    for file in files:
        with contextlib.suppress(OSError):  # gone between two looks
            about = file.stat()
            yield file, (about.st_mtime_ns, about.st_size)
