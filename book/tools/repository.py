"""Where this book's repository is on GitHub, so that a page can open its lab in Binder; a fork needs to set nothing.

``book_repository`` in ``_config.yml`` says it; where that is empty, CI does (``GITHUB_REPOSITORY``), else the git remote
``origin``. Where nothing says it, the answer is None, and pages offer no Binder.
"""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

import yaml

from book.tools.tree import Tree

__all__ = ["Repository", "RepositoryError", "of_tree", "repository"]

_NAME = re.compile(r"(?P<owner>[\w-]+)/(?P<name>[\w.-]+?)(?:@(?P<branch>[\w./-]+))?")
_REMOTE = re.compile(r"(?:https://(?:[^@/]+@)?|ssh://git@|git@)github\.com[/:](?P<path>[\w-]+/[\w.-]+?)(?:\.git)?/?")


class RepositoryError(ValueError):
    """``book_repository`` is set to what names no repository."""


@dataclass(frozen=True)
class Repository:
    """``owner/name`` on GitHub at a branch, tag or commit; HEAD is its default branch."""

    owner: str
    name: str
    branch: str = "HEAD"

    def binder(self, path: str) -> str:
        """The address at which Binder opens the file ``path`` of the repository in JupyterLab."""
        where = "/".join(quote(part, safe="") for part in (self.owner, self.name, self.branch))
        return f"https://mybinder.org/v2/gh/{where}?urlpath={quote(f'lab/tree/{path}', safe='')}"


def repository(configured: str, environment: Mapping[str, str], root: Path) -> Repository | None:
    """The first of: what is configured, what CI says, the git remote. `RepositoryError` where the first makes no sense."""
    said = configured.strip() or environment.get("GITHUB_REPOSITORY", "") or _remote(root)
    if not said:
        return None
    named = _NAME.fullmatch(said)
    if not named:
        raise RepositoryError(f"_config.yml: book_repository is “{said}”; it should be owner/name or owner/name@branch, "
                              "or empty to go by GITHUB_REPOSITORY or the git remote origin.")
    return Repository(named["owner"], named["name"], named["branch"] or "HEAD")


def of_tree(tree: Tree) -> Repository | None:
    """The repository of this copy of the book, as its ``_config.yml`` and the environment say."""
    config = yaml.safe_load(tree.config.read_text("utf-8")) or {}
    said = config.get("sphinx", {}).get("config", {}).get("book_repository") or ""
    return repository(str(said), os.environ, tree.root)


def _remote(root: Path) -> str:
    """``owner/name`` of the remote ``origin``, or nothing: no git, no remote, another host."""
    try:
        asked = subprocess.run(["git", "-C", str(root), "config", "--get", "remote.origin.url"], text=True, check=False,
                               stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    except OSError:
        return ""
    found = _REMOTE.fullmatch(asked.stdout.strip())
    return found["path"] if found else ""
