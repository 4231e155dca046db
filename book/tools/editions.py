"""The two editions of the book: what differs between the English site and the Chinese one, and nothing else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

__all__ = ["CHINESE", "EDITIONS", "ENGLISH", "Edition", "edition_of"]


@dataclass(frozen=True)
class Edition:
    """One language of the site.

    ``code`` names its folder and its ``lang`` attribute (BCP 47), ``sphinx`` its catalogues (gettext's way); ``words`` is
    configuration that a reader gets to see.
    """

    code: Literal["en", "zh-Hant"]
    sphinx: str
    name: str
    title: str
    words: Mapping[str, Any] = field(default_factory=dict, compare=False)

    def settings(self) -> dict[str, Any]:
        """What this edition changes in Sphinx's configuration."""
        return {"language": self.sphinx, "html_title": self.title, "project": self.title, **self.words}


ENGLISH = Edition("en", "en", "English", "Microservices by Experiment")
CHINESE = Edition("zh-Hant", "zh_TW", "繁體中文", "微服務實驗筆記", {
    "copyright": "2026，作者群",
    "html_theme_options": {"search_bar_text": "搜尋這本書……"},
    "nb_code_prompt_show": "展開這個儲存格",
    "nb_code_prompt_hide": "收起這個儲存格",
})
EDITIONS = (ENGLISH, CHINESE)


def edition_of(sphinx_language: str) -> Edition:
    """The edition that Sphinx builds when its ``language`` is this."""
    return CHINESE if sphinx_language.startswith("zh") else ENGLISH
