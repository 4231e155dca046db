"""Keep the Chinese catalogues in step with the English pages.

    python book/tools/catalogue.py update     bring every catalogue up to its page; what is left to translate is listed
    python book/tools/catalogue.py check      fail where a message is missing, stale, fuzzy, empty, broken or lost its markup
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

if not __package__:  # run as a file: find this copy's own `book`
    sys.path[0] = str(Path(__file__).resolve().parents[2])

from book.tools.entries import BrokenCatalogueError
from book.tools.messages import Problem, own_problems, problems, updated
from book.tools.term_roles import glossary
from book.tools.tree import HERE, Tree

__all__ = ["check", "extract", "main", "update"]

_OWN = {"sphinx"}  # the theme's words: written by hand, belong to no page


def extract(tree: Tree) -> None:
    """Write a fresh template (``.pot``) for every page; a page that does not parse cleanly ends the program."""
    command = [sys.executable, "-m", "book.tools.sphinx_build", "en", "gettext"]
    if subprocess.run(command, cwd=tree.root, check=False).returncode:
        sys.exit("The pages above have warnings: mend them first, then the catalogues can follow.")


def update(tree: Tree) -> list[Path]:
    """Bring each catalogue up to its template, take away those whose page is gone; the files that changed."""
    changed = [old for old in _catalogues(tree) if not _template(tree, old).is_file()]
    for orphan in changed:
        orphan.unlink()
    for page in tree.pages():
        catalogue = tree.catalogues / f"{page}.po"
        try:
            text = updated(tree.templates / f"{page}.pot", catalogue)
        except BrokenCatalogueError:
            continue  # what is in it must not be lost; the check that follows names it
        if not catalogue.is_file() or catalogue.read_text("utf-8") != text:
            catalogue.parent.mkdir(parents=True, exist_ok=True)
            catalogue.write_text(text, "utf-8")
            changed.append(catalogue)
    return changed


def check(tree: Tree) -> list[Problem]:
    """Everything wrong in any catalogue."""
    found = [Problem(str(orphan.relative_to(tree.root)), 1, "stale", "its page is gone")
             for orphan in _catalogues(tree) if not _template(tree, orphan).is_file()]
    terms = glossary(tree.catalogues / "book" / "glossary.po")
    for page in tree.pages():
        found += problems(tree.templates / f"{page}.pot", tree.catalogues / f"{page}.po", tree.root, terms)
    for own in sorted(_OWN):
        if (catalogue := tree.catalogues / f"{own}.po").is_file():
            found += own_problems(catalogue, tree.root)
    return found


def main(arguments: list[str], tree: Tree = HERE) -> int:
    """The command line."""
    if arguments not in (["update"], ["check"]):
        print(__doc__)
        return 2
    extract(tree)
    if arguments == ["update"]:
        for file in update(tree):
            print(f"changed {file.relative_to(tree.root)}")
    found = check(tree)
    print("\n".join(map(str, found)) or "Every message of every page has its Chinese.")
    return 1 if found and arguments == ["check"] else 0


def _catalogues(tree: Tree) -> list[Path]:
    return [file for file in sorted(tree.catalogues.rglob("*.po")) if file.stem not in _OWN]


def _template(tree: Tree, catalogue: Path) -> Path:
    page = catalogue.relative_to(tree.catalogues).with_suffix("")
    return tree.templates / f"{page}.pot" if str(page) in tree.pages() else tree.templates / "no page"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
