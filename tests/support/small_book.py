"""A small book (``tests/site/small_book``) with this book's own configuration, extensions and tools.

It has one of each thing that the build takes care of: a claim that holds, one that could not be judged and one that no lab
names, a figure by reference, a formula and a drawing with words, a folded block, an output in two languages, a widget, and
a part of the contents.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from book.tools.tree import HERE, Tree
from labkit.check.records import code_digest

__all__ = ["SmallBook", "make_book"]

_SOURCE = HERE.root / "tests" / "site" / "small_book"


@dataclass(frozen=True)
class SmallBook(Tree):
    """The small book, and how to run its tools."""

    def run(self, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """A Python of its own in the book's folder, with this copy's ``book`` package, the real labkit unless it has one."""
        path = os.pathsep.join([str(self.root), str(self.root / "labs"), str(HERE.root / "labs")])
        environment = {**os.environ, "PYTHONPATH": path, "NO_COLOR": "1", "GITHUB_REPOSITORY": "reader/fork", **settings}
        return subprocess.run([sys.executable, *arguments], cwd=self.root, env=environment, text=True, timeout=240,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)

    def own_figures(self) -> None:
        """Give it figures of its own to change: labkit looks for them beside itself."""
        shutil.copytree(HERE.root / "labs" / "labkit", self.root / "labs" / "labkit", ignore=shutil.ignore_patterns("__pycache__"))
        shutil.copytree(HERE.figures, self.figures)

    def page(self, edition: str, page: str) -> str:
        """A built page."""
        return (self.site / edition / f"{page}.html").read_text("utf-8")

    def edit(self, page: str, old: str, new: str) -> None:
        """Change a page's source."""
        path = next(self.root.glob(f"{page}.*"))
        text = path.read_text("utf-8")
        assert old in text
        path.write_text(text.replace(old, new), "utf-8")


def make_book(folder: Path) -> SmallBook:
    """Write the small book into ``folder``."""
    made = SmallBook(folder)
    shutil.copytree(_SOURCE, folder, dirs_exist_ok=True)
    shutil.copytree(_SOURCE / "records", made.records)
    for name in ("_ext", "tools", "_templates", "_static"):
        shutil.copytree(HERE.root / "book" / name, folder / "book" / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("_config.yml", "book/__init__.py", "book/build.py", "book/front.html", "book/404.html", "book/references.bib",
                 "book/locale/zh_TW/LC_MESSAGES/sphinx.po"):
        shutil.copy2(HERE.root / name, folder / name)
    for record in made.records.glob("*.json"):  # as the lab's present code would have left them
        text = record.read_text("utf-8").replace('"code": "any"', f'"code": "{code_digest("lab_1", folder / "labs")}"')
        record.write_text(text, "utf-8")
    return made
