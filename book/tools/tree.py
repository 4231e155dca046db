"""Where things are in a copy of the book: every tool takes a ``Tree``, so that a test can build one elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

__all__ = ["HERE", "Tree"]


@dataclass(frozen=True)
class Tree:
    """One copy of the repository."""

    root: Path

    @property
    def config(self) -> Path:
        """Jupyter Book's configuration."""
        return self.root / "_config.yml"

    @property
    def toc(self) -> Path:
        """The pages, in reading order."""
        return self.root / "_toc.yml"

    @property
    def build(self) -> Path:
        """Everything that is made and never committed."""
        return self.root / "_build"

    @property
    def drafts(self) -> Path:
        """The pages as Sphinx writes them, one folder a language; what is published is made of them."""
        return self.build / "drafts"

    @property
    def site(self) -> Path:
        """The site: a front page and one folder a language."""
        return self.build / "site"

    @property
    def templates(self) -> Path:
        """The messages to translate, freshly extracted: one ``.pot`` a page."""
        return self.build / "gettext"

    @property
    def executed(self) -> Path:
        """The labs as they were run for the site."""
        return self.build / "executed"

    @property
    def records(self) -> Path:
        """What each claim measured when its lab last ran, one JSON file a claim (labkit writes them)."""
        return self.build / "claims"

    @property
    def catalogues(self) -> Path:
        """The Chinese text: one ``.po`` a page, laid out as the pages are."""
        return self.root / "book" / "locale" / "zh_TW" / "LC_MESSAGES"

    def environment(self) -> dict[str, str]:
        """What tells labkit to look for claims, records and labs in this copy."""
        return {"LABKIT_CLAIMS": str(self.root / "book" / "claims.yml"), "LABKIT_RECORDS": str(self.records),
                "LABKIT_NOTEBOOKS": str(self.root / "labs")}

    def pages(self) -> list[str]:
        """Every page of ``_toc.yml`` in reading order, without its ending."""
        toc = yaml.safe_load(self.toc.read_text("utf-8"))
        return [toc["root"], *_files(toc)]

    def labs(self) -> list[Path]:
        """The notebooks among the pages."""
        notebooks = [self.root / f"{page}.ipynb" for page in self.pages()]
        return [notebook for notebook in notebooks if notebook.exists()]


def _files(entry: dict[str, Any]) -> list[str]:
    found: list[str] = []
    for key in ("parts", "chapters", "sections"):
        for child in entry.get(key) or []:
            found += [child["file"]] if "file" in child else []
            found += _files(child)
    return found


HERE = Tree(Path(__file__).resolve().parents[2])
