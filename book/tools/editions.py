"""The two editions of the book: what differs between the English site and the Chinese one, and nothing else."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

__all__ = ["EDITIONS", "ENGLISH", "CHINESE", "Edition", "edition_of"]


@dataclass(frozen=True)
class Edition:
    """One language of the site.

    ``code`` names its folder and its ``lang`` attribute (BCP 47), ``sphinx`` its catalogues (gettext's way).
    """

    code: Literal["en", "zh-Hant"]
    sphinx: str
    name: str
    title: str

    def settings(self) -> dict[str, str]:
        """What this edition changes in Sphinx's configuration."""
        return {"language": self.sphinx, "html_title": self.title, "project": self.title}


ENGLISH = Edition("en", "en", "English", "Microservices by Experiment")
CHINESE = Edition("zh-Hant", "zh_TW", "繁體中文", "微服務實驗筆記")
EDITIONS = (ENGLISH, CHINESE)


def edition_of(sphinx_language: str) -> Edition:
    """The edition that Sphinx builds when its ``language`` is this."""
    return CHINESE if sphinx_language.startswith("zh") else ENGLISH
