"""The reader's language: whatever labkit shows is written once, in English and in Traditional Chinese.

A lab runs once and both sites show that same run, so what is shown carries both texts and picks one when it is shown.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

__all__ = ["LANGUAGES", "Language", "Text", "reader_language"]

Language = Literal["en", "zh-Hant"]
LANGUAGES: tuple[Language, Language] = ("en", "zh-Hant")


@dataclass(frozen=True)
class Text:
    """One sentence in both languages.

    ``Text("{n} services", "{n} 個服務").format(n=3)`` fills both; ``str(text)`` is the reader's own.
    """

    en: str
    zh: str

    def format(self, **values: Any) -> Text:
        """Fill the placeholders of both texts; a value that is a ``Text`` gives each language its own."""
        return Text(*(getattr(self, side).format(**{k: getattr(v, side) if isinstance(v, Text) else v
                                                    for k, v in values.items()}) for side in ("en", "zh")))

    def to(self, language: Language) -> str:
        """The text in ``language``."""
        return self.zh if language == "zh-Hant" else self.en

    def __str__(self) -> str:
        return self.to(reader_language())


def reader_language() -> Language:
    """``LABKIT_LANGUAGE`` if set, else Chinese in a notebook under ``labs/zh-Hant`` or a zh locale, else English."""
    chosen = os.environ.get("LABKIT_LANGUAGE", "")
    if not chosen and "zh-Hant" in Path.cwd().parts:
        chosen = "zh"
    if not chosen:
        chosen = os.environ.get("LC_ALL") or os.environ.get("LC_MESSAGES") or os.environ.get("LANG") or "en"
    return "zh-Hant" if chosen.lower().startswith("zh") else "en"
