"""How Chinese is punctuated: full width, 「」 for quotes, nothing half-width between two Chinese characters."""

from __future__ import annotations

import re

__all__ = ["mispunctuated"]

_HALF_WIDTH = re.compile(r"[\u4e00-\u9fff][,;:?!]|[,;?!][\u4e00-\u9fff]|[\u4e00-\u9fff]\.(?!\w)|[“”]")
_NO_PROSE = re.compile(r"`[^`]*`|\$[^$]*\$|\]\([^)]*\)")


def mispunctuated(msgstr: str) -> str:
    """What is wrong with the punctuation of a translation, or nothing; code, formulas and addresses are let be."""
    found = _HALF_WIDTH.search(_NO_PROSE.sub("`", msgstr))
    return f"wrong punctuation at “{found[0]}”: Chinese takes ，；：？！。 and 「」" if found else ""
