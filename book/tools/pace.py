"""How long a text takes to read, in either script.

Adults read some 238 words of English prose a minute (Brysbaert, 2019) and some 260 words of Chinese, which are some
390 characters at 1.5 characters a word; technical prose is slower in both, hence the round figures here.
"""

from __future__ import annotations

import math
import re

__all__ = ["CHARACTERS_A_MINUTE", "WORDS_A_MINUTE", "minutes"]

WORDS_A_MINUTE = 200
CHARACTERS_A_MINUTE = 330

_CHINESE = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[^\W_]+(?:[’'.-][^\W_]+)*")


def minutes(text: str) -> int:
    """Whole minutes, at least one: Chinese by the character, everything else by the word. Punctuation takes no time."""
    characters = len(_CHINESE.findall(text))
    words = len(_WORD.findall(_CHINESE.sub(" ", text)))
    return max(1, math.ceil(words / WORDS_A_MINUTE + characters / CHARACTERS_A_MINUTE))
